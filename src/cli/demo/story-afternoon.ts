// The demonstration's afternoon, 12:30 to 18:00: the palace, the ministers, a report about Doha.
// Called by story.ts. Real officials are reported indirectly only; whoever is quoted is invented.

import { type DemoAct, list, minutes, para, post, publish, quote, table } from './build.ts'
import { PHOTOS } from './photos.ts'
import { ADEN, BRANDT, CALDER, HALABI } from './reporters.ts'

export const AFTERNOON: DemoAct[] = [
  publish(
    '12:32',
    'palace',
    post(
      { headline: 'Talks with President Sisi have begun', place: 'CAIRO', by: HALABI },
      para(`The Secretary of State is with President Sisi. Egypt has said for months that it will not accept a
        displacement of Palestinians from Gaza across its border, and that an attack on Rafah would make a bad
        situation worse. Both points are expected to come up.`),
      para('Photographers were let in for less than a minute.'),
    ),
    { keyEvent: 'Talks with President Sisi' },
  ),
  publish(
    '12:50',
    'former-diplomat',
    post(
      { by: BRANDT },
      para('What happens in the first half hour of such a meeting? A former envoy remembers.'),
      quote(
        'You begin with what has not changed since last time, because that is quick. Then somebody puts down his pen, and the real meeting starts.',
        'Eleanor Whitcombe',
        'former diplomat',
      ),
    ),
  ),
  publish(
    '13:08',
    'driver',
    post(
      { headline: 'Eleven days in the queue', place: 'EL-ARISH', by: HALABI, tags: ['Aid'] },
      para('A driver waiting outside the relief yard told us about his days between the scanner and the gate.'),
      quote('You sleep in the cab, you keep the engine off, you wait for your number.', 'H. Sabry', 'driver'),
    ),
  ),
  publish(
    '13:21',
    'palace-done',
    post(
      { headline: 'Egypt’s presidency: ceasefire first', place: 'CAIRO', by: HALABI },
      para(`The meeting at the palace has ended. According to the Egyptian presidency, Sisi called for an immediate
        ceasefire, warned of the consequences of an operation in Rafah and rejected any displacement of Palestinians. The
        two sides agreed to go on working for a truce and for more aid, the statement says.`),
      para(`The State Department says that Blinken thanked Egypt for its part in the mediation and spoke of a path to a
        Palestinian state with guarantees for Israel’s security.`),
    ),
  ),
  publish('13:40', 'flash-shoukry', post({}, para('**Blinken and Foreign Minister Shoukry have begun their talks.**'))),
  {
    at: minutes('13:52'),
    type: 'withdraw',
    key: 'driver',
    trace: 'none',
    reason: 'The speaker asked not to be named and could be recognised.',
  },
  publish(
    '14:10',
    'doha-report',
    post(
      { headline: 'Report: head of Mossad to fly to Doha', place: 'DOHA', verification: 'unconfirmed', by: CALDER },
      para(`Israeli media report that the head of the Mossad, David Barnea, will return to Doha on Friday for talks with
        the mediators. There is no official confirmation so far. He was there at the start of the week; lower-level
        teams stayed behind.`),
    ),
  ),
  publish(
    '14:28',
    'council-votes',
    post(
      { headline: 'How the Council has voted so far', place: 'NEW YORK', by: BRANDT, tags: ['UN'] },
      para('Two resolutions on the war have been adopted since October. Others failed, most of them by veto.'),
      table(
        'Votes in the Security Council, selection',
        ['Date', 'Draft by', 'Result'],
        ['18\u00a0Oct', 'Brazil', 'US veto'],
        ['25\u00a0Oct', 'United States', 'Veto by Russia and China'],
        ['15\u00a0Nov', 'Malta', 'Adopted (2712)'],
        ['8\u00a0Dec', 'United Arab Emirates', 'US veto'],
        ['22\u00a0Dec', 'United Arab Emirates', 'Adopted (2720)'],
        ['20\u00a0Feb', 'Algeria', 'US veto'],
      ),
      para(`A resolution needs nine of fifteen votes and no veto by one of the five permanent members.
        [How the Council votes](https://main.un.org/securitycouncil/en/content/voting-system)`),
    ),
  ),
  publish(
    '14:45',
    'rafah-voice',
    post(
      { headline: 'News of talks, by radio', by: CALDER },
      para('In crowded Rafah the talks are followed by radio, whenever there is power for it.'),
      quote(
        'My pupils ask me what a gap is, because the radio says the gaps are narrower. I tell them: it is the part where nobody has given way yet.',
        'Hiba Qandil',
        'teacher from Gaza City, displaced to Rafah',
      ),
    ),
  ),
  publish(
    '15:02',
    'ministers-begin',
    post(
      { headline: 'The round table of ministers has begun', place: 'CAIRO', by: HALABI },
      para(`Blinken has joined the ministers of Egypt, Saudi Arabia, Qatar and Jordan, the Emirati minister of state and
        the envoy of the PLO. On the agenda:`),
      list(
        'a ceasefire and the release of hostages,',
        'aid by land, sea and air, and the work of the UN agencies,',
        'who governs and rebuilds Gaza after the war,',
        'a political path to a Palestinian state.',
      ),
    ),
    { keyEvent: 'Round table with Arab ministers' },
  ),
  {
    at: minutes('15:25'),
    type: 'revise',
    key: 'doha-report',
    content: post(
      {
        headline: 'Israel confirms: head of Mossad to fly to Doha',
        place: 'DOHA',
        verification: 'confirmed',
        by: CALDER,
      },
      para(`The office of Israel’s prime minister has confirmed that the head of the Mossad, David Barnea, will travel to
        Doha on Friday. He is to meet CIA director William Burns, Qatar’s prime minister and the head of Egypt’s
        intelligence service.`),
      para(`Israeli media had reported the plan earlier in the afternoon. Barnea was in Doha at the start of the week;
        lower-level teams stayed behind.`),
    ),
  },
  publish(
    '15:31',
    'doha-confirmed',
    post(
      { headline: 'Intelligence chiefs to meet in Doha on Friday', place: 'DOHA', by: CALDER },
      para(`The heads of the services of Israel, the United States and Egypt are to meet in Qatar on Friday. That moves the
        truce talks up by one level. Qatar’s foreign ministry had called itself cautiously optimistic earlier in the
        week and added that it was too early to speak of a breakthrough.`),
    ),
    { keyEvent: 'Doha round at chiefs’ level confirmed' },
  ),
  publish(
    '15:50',
    'mediation-two',
    post(
      { by: BRANDT },
      para('Is it a good sign when the chiefs travel themselves? Not always, says a scholar of such talks.'),
      quote(
        'Chiefs come for two reasons: to sign, or to find out why nobody is signing. From outside both look the same, down to the cars.',
        'Henrik Aalto-Voss',
        'professor of mediation',
      ),
    ),
  ),
  publish(
    '16:06',
    'families',
    post(
      { headline: 'Waiting in Tel Aviv', place: 'TEL AVIV', by: CALDER },
      para(`On the square in front of the art museum, families of hostages and their supporters have gathered for months.
        Many ask for a deal without delay. On Friday they hope to be heard by the visitor from Washington.`),
      quote(
        'I make tea and I count chairs. When there is news from Doha we need more chairs, whether it is good or bad.',
        'Ruth Lavon',
        'volunteer at a supporters’ tent',
      ),
    ),
  ),
  publish(
    '16:24',
    'el-arish-port',
    post(
      { headline: 'More cargo than trucks', place: 'EL-ARISH', by: HALABI, tags: ['Aid'] },
      para(`The small port of El-Arish and the airport next to it receive relief goods from many countries. Getting them
        in is the easier part: from here everything goes by road, through inspection and across the border.`),
      quote(
        'We unload a ship in two days. Then the goods look at me for two weeks. A port is a door, and a door is only as good as the corridor behind it.',
        'Yusuf Barakat',
        'dock manager',
      ),
    ),
  ),
  publish(
    '16:43',
    'brussels-begins',
    post(
      { headline: 'EU leaders look for common words', place: 'BRUSSELS', by: CALDER },
      para(`At their summit in Brussels the 27 heads of state and government are working on a joint call about Gaza, the
        first since October. UN Secretary-General António Guterres, their guest, urged them to hold to the same
        principles on Gaza as on Ukraine. Diplomats say that the wording on a ceasefire is still being weighed.`),
    ),
  ),
  publish(
    '17:04',
    'ministers-end',
    post(
      { headline: 'Ministers call for more crossings', place: 'CAIRO', by: HALABI },
      para(`The round table has ended. The Arab ministers asked for a full and immediate ceasefire, for all crossings to
        be opened and for the UN agency for Palestinian refugees to be supported, Egypt’s foreign ministry says. They
        rejected displacement and steps that change the status of the West Bank.`),
      para('A date for the next meeting was not given. Experts of all sides are to keep working on the papers.'),
    ),
  ),
  publish(
    '17:20',
    'press-later',
    post({ place: 'CAIRO' }, para('The press conference of Blinken and Shoukry will begin later than planned.')),
  ),
  publish(
    '17:38',
    'sinai-road',
    post(
      { headline: 'The road east', place: 'BIR AL-ABD', by: HALABI, tags: ['Aid'] },
      para(`Trucks are still leaving for the border, although offices close early in Ramadan. From the canal it is about
        200 kilometres to Rafah. Drivers carry dates and water for the moment when the sun goes down on the way.`),
      quote(
        'I send them off in threes. If one breaks down, one stays with him and one goes on. That is all the planning the desert allows.',
        'Tarek Abdel-Nour',
        'truck dispatcher',
      ),
    ),
    { photo: PHOTOS.sunset },
  ),
  publish(
    '17:55',
    'travellers',
    post(
      { place: 'CAIRO', by: ADEN },
      para(`Reporters travelling with the Secretary of State have been brought to the hall. The lights are being tested,
        two glasses of water stand ready and remain untouched: the fast ends in a few minutes.`),
    ),
  ),
]
