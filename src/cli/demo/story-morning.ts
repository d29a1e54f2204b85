// The demonstration's morning, 06:40 to 12:30: Jeddah, the explainer, the flight to Cairo.
// Called by story.ts. Real officials are reported indirectly only; whoever is quoted is invented.

import { type DemoAct, figures, heading, list, minutes, para, post, publish, quote, steps, table } from './build.ts'
import { PHOTOS } from './photos.ts'
import { ADEN, BRANDT, CALDER, HALABI } from './reporters.ts'

const SIXTH = para(`The visit is the Secretary of State’s **sixth** to the region since October. The earlier ones
  followed the same pattern: several capitals in a few days, and Israel near the end of the trip.`)

const TRIPS = list(
  'The first, in October, began within days of the attack and grew into a week of shuttling.',
  'Later ones turned to pauses in the fighting, to aid and to what should follow the war.',
  'This one is about a truce of several weeks, and about Rafah.',
)

export const MORNING: DemoAct[] = [
  publish(
    '06:40',
    'good-morning',
    post(
      { headline: 'A day of talks between Jeddah, Cairo and Doha', place: 'CAIRO', by: HALABI },
      para(`Good morning. US Secretary of State Antony Blinken is due in Cairo today, after a first stop in Jeddah.
        He is to meet President Abdel Fattah al-Sisi, Foreign Minister Sameh Shoukry and ministers of several Arab
        states. The subject is a truce in Gaza, the release of hostages and more aid.`),
      para(`Mediators from Egypt, Qatar and the United States are working on an agreement in parallel, mostly in Doha.
        We follow the day here until late in the evening.`),
    ),
    { photo: PHOTOS.dawn },
  ),
  publish(
    '06:52',
    'explainer',
    post(
      { headline: 'What is on the table, and who is at it', tags: ['Explainer'], by: CALDER },
      para(`The talks turn on three things at once: a pause of about **six weeks**, the release of hostages in return
        for Palestinian prisoners, and enough aid to turn back hunger in Gaza.`),
      heading('Who mediates'),
      list(
        '**Egypt** borders Gaza and talks to both sides.',
        '**Qatar** hosts the political office of Hamas and most of the rounds.',
        '**The United States** carries proposals to and from Israel.',
      ),
      heading('What keeps them apart'),
      para(`Hamas wants the truce to lead to an end of the war and a withdrawal of troops. Israel says it will go on
        until Hamas no longer rules or fights. How many prisoners are freed, and which, is open as well.`),
      figures(
        'The war in figures',
        ['Killed in the attack of 7 October', 'about 1,200', 'Israeli authorities'],
        ['Hostages still held', 'about 130', 'Israeli authorities; not all are thought to be alive'],
        [
          'Killed in Gaza since',
          'close to 32,000',
          'Health ministry in Gaza; fighters and civilians are not told apart',
        ],
        ['Displaced in Gaza', 'about 1.7 million', 'United Nations'],
      ),
      para('More on the Council’s work: [un.org/securitycouncil](https://www.un.org/securitycouncil/).'),
    ),
  ),
  { at: minutes('06:54'), type: 'pin', key: 'explainer' },
  publish(
    '07:05',
    'draft-circulated',
    post(
      { headline: 'Washington has put a new draft before the Council', place: 'NEW YORK', by: BRANDT, tags: ['UN'] },
      para(`The United States has circulated a draft resolution in the Security Council that supports an immediate
        ceasefire in Gaza tied to the release of hostages. Blinken spoke of it in a television interview in Jeddah on
        Wednesday and said that he hoped other countries would support it.`),
      para(`The wording goes further than earlier American texts. No date for a vote has been set.`),
    ),
    { keyEvent: 'US circulates a new draft resolution' },
  ),
  publish(
    '07:20',
    'jeddah-evening',
    post(
      { headline: 'Jeddah: a late meeting with the crown prince', place: 'JEDDAH', by: ADEN },
      para(`Blinken met Saudi Crown Prince Mohammed bin Salman on Wednesday evening, after talks with Foreign Minister
        Faisal bin Farhan. According to the State Department they discussed the effort for a truce, aid for Gaza and
        a path to lasting peace in the region, including a Palestinian state.`),
      para(`During Ramadan most official business in the kingdom moves into the hours after sunset.`),
    ),
  ),
  publish(
    '07:34',
    'lobby',
    post(
      { place: 'CAIRO', by: HALABI },
      para('The first sign that a delegation is coming is the breakfast room. It opens earlier.'),
      quote(
        'They never tell us who is coming. They tell us how many rooms, how many adapters, and that nobody may park by the kitchen door.',
        'Mariam Fouad',
        'night clerk at a hotel by the Nile',
      ),
    ),
  ),
  publish('07:48', 'flash-doors', post({}, para('**Blinken’s convoy has left its hotel in Jeddah for the airport.**'))),
  publish(
    '07:56',
    'sixth-trip',
    post(
      { headline: 'Back in the region again', place: 'JEDDAH', by: ADEN },
      para(`The visit is the Secretary of State’s **fifth** to the region since October. The earlier ones followed
        the same pattern: several capitals in a few days, and Israel near the end of the trip.`),
      TRIPS,
    ),
  ),
  publish(
    '08:10',
    'leaves-jeddah',
    post(
      { headline: 'Next stop Cairo', place: 'JEDDAH', by: ADEN },
      para(`The delegation is about to leave Jeddah. The flight north along the Red Sea takes about two hours. On the
        way out officials kept to what they had said the evening before: the gaps in the truce talks have become
        narrower, but they have not closed.`),
    ),
    { keyEvent: 'Blinken leaves Jeddah for Cairo', photo: PHOTOS.plane },
  ),
  publish(
    '08:25',
    'route',
    post(
      { headline: 'The route of the trip', by: CALDER },
      table(
        'Stops of the week',
        ['Day', 'Stop', 'Main subject'],
        ['Wednesday', 'Jeddah', 'Saudi leaders; what follows a truce'],
        ['Thursday', 'Cairo', 'President Sisi, Arab ministers'],
        ['Friday', 'Israel', 'War cabinet; Rafah'],
      ),
      para(`Israel was added to the programme after the trip had been announced. In Doha the negotiating teams meet
        apart from the ministers.`),
    ),
    { photo: PHOTOS.phone },
  ),
  publish(
    '08:41',
    'hunger-report',
    post(
      { headline: 'Why aid is at the top of the list', tags: ['Aid'], by: CALDER },
      para(`On Monday a group of experts backed by the United Nations said that famine is **imminent in the north of
        Gaza**. By its count 1.1 million people, half of the population, face catastrophic hunger. Israel says that
        it sets no limit on aid and blames the United Nations for slow distribution; aid agencies point to
        inspections, closed crossings and a lack of safety on the roads.`),
      para('Background: [news.un.org](https://news.un.org/en/).'),
    ),
  ),
  publish(
    '08:58',
    'relief-voice',
    post(
      { headline: '“The paperwork moves slower than the hunger”', place: 'EL-ARISH', by: HALABI, tags: ['Aid'] },
      para(`Nile Bridge Relief, an aid group invented for this demonstration, has its yard an hour’s drive from the
        border. It says that some of its loads have been through the scanners twice.`),
      quote(
        'The paperwork moves slower than the hunger. A pallet goes back because of one item on it, and then the whole truck starts again at the end of the line. We have learned to pack as if every box had to travel alone.',
        'Salma Darwish-Khalil',
        'spokeswoman, Nile Bridge Relief',
      ),
    ),
    { photo: PHOTOS.crates },
  ),
  publish(
    '09:12',
    'rafah-question',
    post(
      { headline: 'The question of Rafah', by: CALDER },
      para(`More than a million people have sought shelter in Rafah, on the Egyptian border. Israel’s Prime Minister
        Benjamin Netanyahu says that troops must go in to defeat the Hamas battalions there. Washington has said that
        it cannot support a large ground operation without a credible plan for the civilians.`),
      para(`After a call between President Joe Biden and Netanyahu on Monday, an Israeli delegation is to travel to
        Washington to hear about other ways.`),
    ),
  ),
  publish(
    '09:26',
    'road-closure',
    post(
      { headline: 'Riverside road to close from noon', place: 'CAIRO', by: HALABI },
      para(`Staff at two hotels say they were told that the riverside road in the centre will be closed to traffic from
        noon until the evening, and that deliveries should come before eleven. We are asking for details.`),
    ),
  ),
  {
    at: minutes('09:39'),
    type: 'correct',
    key: 'sixth-trip',
    content: post({ headline: 'Back in the region again', place: 'JEDDAH', by: ADEN }, SIXTH, TRIPS),
    note: 'An earlier version said that this was the Secretary of State’s fifth visit to the region since October. It is the sixth.',
  },
  publish(
    '09:50',
    'mediation-one',
    post(
      { headline: 'Why envoys travel when a call would do', by: BRANDT },
      para(`Shuttle diplomacy means that the mediator moves and the parties do not. It is slow and costly. It also lets
        each side say to one trusted person what it would not put on paper.`),
      quote(
        'A phone call transports a position. A visit transports a doubt. You need the doubts, because that is where the two texts can be brought together.',
        'Henrik Aalto-Voss',
        'professor of mediation',
      ),
    ),
  ),
  publish(
    '10:08',
    'suez',
    post(
      { headline: 'What the war costs Egypt', place: 'CAIRO', by: HALABI },
      para(`Cairo has reasons of its own to want a truce. Since attacks on ships in the Red Sea began, many lines sail
        round Africa; the International Monetary Fund puts the fall in trade through the Suez Canal in the first two
        months of the year at about half. This month the Fund enlarged its loan to Egypt to eight billion dollars, and the
        European Union promised 7.4 billion euros in loans and grants.`),
      quote(
        'The loans buy time. Ships buy bread. A quiet month in the Red Sea would do more for prices here than another conference.',
        'Leila Mansouri-Haddad',
        'economist in Cairo',
      ),
    ),
  ),
  {
    at: minutes('10:21'),
    type: 'withdraw',
    key: 'road-closure',
    trace: 'line',
    reason: 'The notice it rested on was meant for another day.',
  },
  publish(
    '10:33',
    'ministers-arrive',
    post(
      { headline: 'Arab ministers gather in Cairo', place: 'CAIRO', by: HALABI },
      para('Ahead of the meeting with Blinken, envoys of five Arab states and of the PLO are coming to Cairo:'),
      list(
        '**Egypt:** Foreign Minister Sameh Shoukry, the host',
        '**Saudi Arabia:** Foreign Minister Faisal bin Farhan',
        '**Qatar:** Prime Minister and Foreign Minister Mohammed bin Abdulrahman Al Thani',
        '**Jordan:** Foreign Minister Ayman Safadi',
        '**United Arab Emirates:** Minister of State Reem al-Hashimy',
        '**PLO:** Hussein al-Sheikh, secretary of its executive committee',
      ),
    ),
  ),
  publish(
    '10:57',
    'corridor-by-sea',
    post(
      { headline: 'By sea: a second cargo is being made ready', place: 'LARNACA', by: CALDER, tags: ['Aid'] },
      para(`A first ship brought about 200 tonnes of food from Cyprus to Gaza last week. A second cargo is being put
        together in Larnaca. The United States is sending soldiers and equipment for a floating pier; it has said that
        building it will take about two months.`),
      quote(
        'A ship is not a lorry. You cannot turn it round because somebody found a torch battery. So we check everything here, on land, until we are tired of it.',
        'Andreas Kyprou',
        'loading supervisor in Larnaca',
      ),
    ),
    { photo: PHOTOS.port },
  ),
  publish(
    '11:20',
    'shifa',
    post(
      { headline: 'Fighting goes on around Gaza’s largest hospital', by: BRANDT },
      para(`While diplomats travel, the fighting continues. Israeli forces have been at the Shifa hospital in Gaza City
        since Monday. The army says that it has killed and arrested fighters there and that patients are not harmed.
        The health ministry in Gaza and the World Health Organization warn that patients and staff are in danger.
        Neither account can be checked independently at present.`),
    ),
  ),
  publish(
    '11:46',
    'how-a-day-works',
    post(
      { headline: 'How such a visit runs', place: 'CAIRO', by: HALABI },
      steps(
        'A closed meeting with the president, with few advisers.',
        'Talks with the foreign minister, with larger teams.',
        'A round table of the visiting ministers.',
        'A press conference, usually later than planned.',
      ),
      para('Texts are written in between, often in cars. Times in this plan are rarely more than intentions.'),
    ),
  ),
  publish(
    '12:05',
    'landed',
    post(
      { headline: 'Blinken has landed in Cairo', place: 'CAIRO', by: HALABI },
      para(
        'The US Secretary of State has arrived in the Egyptian capital. The first meeting of the day is with the president.',
      ),
    ),
    { keyEvent: 'Arrival in Cairo' },
  ),
]
