// The demonstration's evening, 18:00 to 23:30: the press conference, Brussels, the vote that is called, the way ahead.
// Called by story.ts. Real officials are reported indirectly only; whoever is quoted is invented.

import { type DemoAct, list, minutes, para, post, publish, quote, steps, table } from './build.ts'
import { PHOTOS } from './photos.ts'
import { ADEN, BRANDT, CALDER, HALABI } from './reporters.ts'

const VOTE_CALLED = para(`The United States will bring its draft resolution on Gaza to a vote in the Security Council on
  **Friday**. The US mission to the United Nations announced this in New York, after weeks of talks with other members.`)

export const EVENING: DemoAct[] = [
  publish(
    '18:12',
    'iftar',
    post(
      { headline: 'A pause for the evening meal', place: 'CAIRO', by: HALABI },
      para(`The streets of the centre emptied within minutes: sunset, and with it the breaking of the fast. The delegations
        are eating too. Officials say that the ministers are using the meal to go through the last points once more.`),
      quote(
        'Forty plates for people who did not book, all at the same minute. I have had easier guests, but never quieter ones.',
        'Adel Rizkallah',
        'head waiter',
      ),
    ),
  ),
  publish(
    '18:40',
    'podium',
    post(
      { headline: 'Press conference about to begin', place: 'CAIRO', by: ADEN },
      para('The two foreign ministers are expected in the hall within minutes. We will report what they say here.'),
    ),
    { photo: PHOTOS.podium },
  ),
  publish(
    '18:56',
    'press-gaps',
    post(
      { headline: 'Blinken: gaps are narrowing, an agreement is possible', place: 'CAIRO', by: ADEN },
      para(`The gaps in the truce talks are becoming narrower, Blinken said in Cairo. There is still hard work ahead, but
        he believes that an agreement can be reached. Negotiators in Doha keep working on it. There was agreement among the
        ministers, he said, that an immediate and sustained ceasefire with the release of hostages is needed.`),
    ),
    { keyEvent: 'Joint press conference in Cairo' },
  ),
  publish(
    '19:04',
    'press-rafah',
    post(
      { headline: 'Rafah: Washington warns of a mistake', place: 'CAIRO', by: ADEN },
      para(`A large ground operation in Rafah would be a mistake, the Secretary of State said, and it is not needed to
        defeat Hamas. There is no place for the people in Rafah to go. He will speak about other ways in Israel on
        Friday, and officials of both countries are to do the same in Washington next week.`),
    ),
  ),
  publish(
    '19:12',
    'press-shoukry',
    post(
      { headline: 'Shoukry: no operation, no displacement', place: 'CAIRO', by: HALABI },
      para(`Egypt’s foreign minister repeated his country’s refusal of any military operation in Rafah and of any
        displacement. He called for a ceasefire now and for a political process that ends in two states. Egypt will go on
        mediating with Qatar and the United States, he said.`),
    ),
  ),
  publish('19:25', 'flash-press-ends', post({}, para('**The press conference in Cairo has ended.**'))),
  publish(
    '19:41',
    'interpreter',
    post(
      { by: BRANDT },
      para(
        'Between two foreign ministers stand, unseen, the interpreters. One who did this work for decades listened in.',
      ),
      quote(
        'The hardest word is “hope”. In one language it is a plan, in another it is what you say when there is none. I always looked at the speaker’s hands.',
        'Georgette Saliba',
        'retired conference interpreter',
      ),
    ),
  ),
  publish(
    '19:58',
    'three-things',
    post(
      { headline: 'What Cairo has brought, and what it has not', by: CALDER },
      list(
        '**Brought:** one line of Washington and five Arab states on a ceasefire tied to the release of hostages.',
        '**Brought:** a public American warning about Rafah, on the eve of the visit to Israel.',
        '**Not brought:** a date for a truce, or numbers for an exchange.',
        '**Open:** who will be responsible for security in Gaza after the war.',
      ),
    ),
  ),
  publish(
    '20:16',
    'brussels-agrees',
    post(
      { headline: 'EU leaders call for a pause leading to a ceasefire', place: 'BRUSSELS', by: CALDER },
      para(`All 27 EU states have agreed on a joint line: they call for an immediate humanitarian pause that leads to a
        sustainable ceasefire, for the unconditional release of all hostages and for full access for aid. They urge
        Israel not to begin a ground operation in Rafah.`),
      para('It is the first joint statement of the leaders on the war since October.'),
    ),
    { keyEvent: 'EU leaders agree on a joint line' },
  ),
  publish(
    '20:37',
    'doha-night',
    post(
      { headline: 'Doha gets ready', place: 'DOHA', by: CALDER },
      para(`In Qatar the technical teams are still at work. They do not sit in one room: the mediators walk between floors
        with papers, as in every round so far. The chiefs are expected on Friday.`),
      quote(
        'People imagine a big table. It is lifts, corridors and a photocopier. The photocopier is the only one who has seen every draft.',
        'Daniela Moreau',
        'former member of a mediation team',
      ),
    ),
    { photo: PHOTOS.doha },
  ),
  publish(
    '20:59',
    'relief-evening',
    post(
      { headline: 'Counting at the end of the day', place: 'EL-ARISH', by: HALABI, tags: ['Aid'] },
      para(
        'At the yard of Nile Bridge Relief, the aid group invented for this demonstration, the day ends with a table on a whiteboard.',
      ),
      table(
        'One yard, one day (invented figures)',
        ['Trucks', 'Morning', 'Evening'],
        ['Loaded, in the yard', '38', '24'],
        ['In the queue', '17', '22'],
        ['Across the border', '0', '9'],
      ),
      quote(
        'Nine is a good day. I wish that were not true.',
        'Salma Darwish-Khalil',
        'spokeswoman, Nile Bridge Relief',
      ),
    ),
  ),
  publish(
    '21:18',
    'airdrops',
    post(
      { headline: 'Land, sea, air: three ways, one bottleneck', tags: ['Aid'], by: CALDER },
      para(`Aid reaches Gaza by truck, lately by ship, and from aircraft of Jordan, the United States, Egypt and others.
        The United Nations says that only the road can bring enough: before the war about 500 trucks a day crossed,
        commercial goods included; now it is a fraction of that on most days.`),
      para(
        'How relief is coordinated: [unocha.org](https://www.unocha.org/). Notes on our sources: [example.org](https://example.org/).',
      ),
    ),
  ),
  publish(
    '21:40',
    'vote-called',
    post(
      { headline: 'US calls a Council vote on its draft for Friday', place: 'NEW YORK', breaking: true, by: BRANDT },
      VOTE_CALLED,
    ),
    { keyEvent: 'US calls a vote for Friday' },
  ),
  {
    at: minutes('21:53'),
    type: 'revise',
    key: 'vote-called',
    content: post(
      { headline: 'US calls a Council vote on its draft for Friday', place: 'NEW YORK', breaking: true, by: BRANDT },
      VOTE_CALLED,
      para(`The text states the need for an immediate and sustained ceasefire and supports the talks that link it to the
        release of hostages. Japan holds the presidency of the Council this month. The vote is expected in the
        morning, New York time.`),
    ),
  },
  publish(
    '22:04',
    'vote-explained',
    post(
      { headline: 'What to watch in the vote', place: 'NEW YORK', by: BRANDT, tags: ['UN'] },
      steps(
        '**Nine votes** are needed. Ten of the fifteen members are elected; many of them want a plain call for a ceasefire.',
        '**No veto:** China, France, Russia, the United Kingdom and the United States can each block the text.',
        '**The verbs:** Russia has criticised that the draft states a need for a ceasefire and does not demand one.',
        '**The other draft:** elected members have a text of their own ready.',
      ),
      para('Live and recorded meetings: [UN Web TV](https://webtv.un.org/).'),
    ),
    { photo: PHOTOS.council },
  ),
  publish(
    '22:21',
    'former-diplomat-two',
    post(
      { by: BRANDT },
      para('One day, three cities, one text. Does a vote in New York help talks in Doha?'),
      quote(
        'A resolution opens no gate by itself. It tells the man at the gate that the next call may come from higher up.',
        'Eleanor Whitcombe',
        'former diplomat',
      ),
    ),
  ),
  publish(
    '22:38',
    'israel-next',
    post(
      { headline: 'On to Israel in the morning', place: 'CAIRO', by: ADEN },
      para(`Blinken is to fly to Israel on Friday, where he will meet Prime Minister Netanyahu and the war cabinet. The
        subjects are the hostages, aid and Rafah. Families of hostages hope for a meeting as well. Then the delegation
        flies home.`),
    ),
    { keyEvent: 'Next stop: Israel' },
  ),
  publish(
    '22:55',
    'friday-plan',
    post(
      { headline: 'What Friday will bring', by: CALDER },
      table(
        'Friday, as planned',
        ['Place', 'What', 'Who'],
        ['Doha', 'Truce talks', 'Chiefs of the services, mediators'],
        ['Israel', 'Talks in the war cabinet', 'Blinken, Netanyahu'],
        ['New York', 'Vote on the US draft', 'Security Council'],
        ['Brussels', 'Second day of the summit', 'EU leaders'],
      ),
    ),
  ),
  publish(
    '23:12',
    'lobby-night',
    post(
      { place: 'CAIRO', by: HALABI },
      para('The lobby by the Nile is quiet again. The adapters have been returned, all but two.'),
      quote(
        'They said thank you and that they will come back. In my trade that is good news. In theirs, I suppose, it is not.',
        'Mariam Fouad',
        'night clerk at a hotel by the Nile',
      ),
    ),
  ),
  publish(
    '23:30',
    'good-night',
    post(
      { headline: 'The day in short', place: 'CAIRO', by: HALABI },
      list(
        'Blinken came from Jeddah to Cairo and met President Sisi, Foreign Minister Shoukry and Arab ministers.',
        'He sees the gaps in the truce talks narrowing; an agreement is not there yet.',
        'On Friday the chiefs of the services are to meet in Doha.',
        'The 27 EU states call for a pause that leads to a ceasefire.',
        'The United States calls a vote in the Security Council for Friday.',
      ),
      para('With this we close the day. Thank you for reading.'),
    ),
  ),
]
