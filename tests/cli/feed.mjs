// SPDX-License-Identifier: ISC
// feed.mjs: calendar.ics, read by Debian's calendar libraries, gives the same times in 20 zones across their clock changes.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { skip } from '../checks.mjs';
import { caller, check, makeFolder, root, run } from './lib.mjs';

const zones = ['Europe/London', 'Europe/Berlin', 'Europe/Dublin', 'Africa/Cairo', 'Africa/Casablanca', 'America/New_York', 'America/St_Johns',
	'America/Santiago', 'America/Sao_Paulo', 'America/Nuuk', 'Antarctica/Troll', 'Asia/Beirut', 'Asia/Jerusalem', 'Asia/Kathmandu', 'Asia/Kolkata', 'Asia/Tehran',
	'Australia/Adelaide', 'Australia/Lord_Howe', 'Pacific/Auckland', 'Pacific/Chatham'];
const still = ['America/Sao_Paulo', 'Asia/Kathmandu', 'Asia/Kolkata', 'Asia/Tehran'];
const address = 'https://runs.example', now = '2026-01-01T12:00';

/** What feed.py, run by Debian's Python, says of `words`, or of `input`. */
function feed(words, input) {
	const { status, stdout, stderr } = spawnSync('/usr/bin/python3', [join(root, 'tests/feed.py'), ...words],
		{ input: JSON.stringify(input), encoding: 'utf8', maxBuffer: 1 << 28 });
	if (status !== 0)
		throw new Error(stderr);
	return JSON.parse(stdout);
}

/** The feeds and the pages that they lead to, no others: 40 clubs' worth of all would take long. */
function makeTemplates() {
	const folder = makeFolder();
	mkdirSync(join(folder, 'pages'));
	for (const name of readdirSync(join(root, 'templates/pages')).filter((each) => /^(calendar-feed|group-feed|run)\./.test(each)))
		cpSync(join(root, 'templates/pages', name), join(folder, 'pages', name));
	for (const part of ['assets', 'messages', 'partials'])
		cpSync(join(root, 'templates', part), join(folder, part), { recursive: true });
	return folder;
}

const templates = makeTemplates();

/** A club in `zone`: `turnout`, `list`, `publish`, and `read`, what its feed (or another) says. */
function makeClub(zone) {
	const folder = makeFolder(), call = caller(folder);
	const turnout = (...given) => {
		const result = call([...given, '--now', now]);
		if (result.code !== 0)
			throw new Error(result.err);
		return result;
	};
	turnout('init', '--name', 'Test Club', '--zone', zone, '--address', address);
	const file = (name = 'calendar.ics') => join(folder, 'site/public', name);
	return {
		folder, turnout, file,
		list: () => turnout('calendar', 'list', '--from', '2020-01-01', '--to', '2039-12-31', '--json').json,
		publish: (...more) => turnout('publish', '--templates', templates, ...more),
		read: (name) => feed(['read', file(name)])[file(name)],
	};
}

/** What differs between a run of the list, its times by zoneinfo, and its event. */
function differences(club, each, [starts, lasts], event) {
	const path = event?.url.replace(`${address}/`, '');
	return [
		['event', event !== undefined], ['local time', event?.wall === `${each.date}T${each.start}`], ['zone', event?.zone === each.zone],
		['instant', event?.starts === starts && starts === Date.parse(each.starts) / 1000], ['length', event?.lasts === lasts],
		['title', event?.summary.startsWith(each.title)],
		['alarm', JSON.stringify(event?.alarms) === JSON.stringify(each.cancelled ? [] : [['DISPLAY', -3600, each.title]])],
		['status', event?.status === (each.cancelled ? 'CANCELLED' : 'CONFIRMED')],
		['page', event?.url.startsWith(`${address}/runs/${each.date}/`) && existsSync(club.file(join(path, 'index.html')))],
	].filter(([, holds]) => !holds).map(([what]) => what);
}

/** A club with such runs, published. */
function makeWeekly(zone, runs) {
	const club = makeClub(zone);
	club.turnout('group', 'add', 'Weekly');
	for (const { title, dates, start, end } of runs)
		club.turnout('calendar', 'add', '--group', 'Weekly', '--title', title, '--start', start, ...(end === '' ? [] : ['--end', end]),
			...dates.flatMap((date) => ['--date', date]));
	club.publish();
	return club;
}

function checkZones(plans) {
	const clubs = zones.map((zone) => makeWeekly(zone, plans[zone])), readings = feed(['read', ...clubs.map((club) => club.file())]);
	const lists = clubs.map((club) => club.list()), allTimes = feed(['times'], lists);

	clubs.forEach((club, i) => {
		const zone = zones[i], list = lists[i], times = allTimes[i], { faults, events } = readings[club.file()], first = readFileSync(club.file());
		const byUid = new Map(events.map((event) => [event.uid, event]));
		const wrong = list.map((each, n) => [each.date, each.start, each.end, differences(club, each, times[n], byUid.get(`${each.session_id}@turnout`))])
			.filter(([, , , what]) => what.length > 0);
		check(`${zone}: ${list.length} weekly runs over ${still.includes(zone) ? 'days when others change the clock' : 'its clock changes'}`,
			list.length >= 7 * 4 * 3 && list.length === plans[zone].flatMap(({ dates }) => dates).length, list.length);
		check(`${zone}: the feed is without fault`, faults.length === 0 && events.length === list.length, faults);
		check(`${zone}: local times, instants, pages and alarms are those of the runs`, wrong.length === 0, wrong.slice(0, 5));
		rmSync(join(club.folder, 'site'), { recursive: true });
		club.publish();
		check(`${zone}: made again from nothing, it is the same to the byte`, readFileSync(club.file()).equals(first));
	});
}

function checkChanges() {
	const club = makeClub('Europe/London');
	club.publish();
	check('an empty club has a valid calendar', club.read().faults.length === 0 && club.read().events.length === 0 && club.read().zones.join() === 'Europe/London', club.read());
	club.turnout('group', 'add', 'Tuesday Social', 'Übung, Ausdauer; lang');
	club.turnout('place', 'add', 'Old Boathouse', '--address', '1 Quay Street; Bristol, 2nd \\ gate');
	club.turnout('calendar', 'add', '--group', 'Tuesday Social', '--every', 'tuesday', '--start', '18:30', '--end', '19:30', '--until', '2026-02-28', '--place', 'Old Boathouse');
	const title = `Langer Lauf über die Brücke, „Straße“; Teil \\1 ${'😀ö'.repeat(16)}`;
	club.turnout('calendar', 'add', '--group', 'Übung, Ausdauer; lang', '--date', '2026-03-01', '--start', '23:30', '--end', '00:30', '--title', title);
	club.publish();
	const uids = (reading) => reading.events.map(({ uid }) => uid).join();
	const one = (reading, date) => reading.events.find(({ wall }) => wall.startsWith(date));
	const before = club.read();
	check('commas, semicolons, backslashes, umlauts and long lines come through', before.faults.length === 0 &&
		one(before, '2026-03-01').summary === `${title} (Übung, Ausdauer; lang)` && one(before, '2026-03-01').lasts === 3600, one(before, '2026-03-01'));
	check('so does the place', one(before, '2026-01-06').location === 'Old Boathouse, 1 Quay Street; Bristol, 2nd \\ gate', one(before, '2026-01-06'));

	club.turnout('calendar', 'cancel', '2026-01-20', '--reason', 'Storm; ice, snow');
	club.publish();
	let after = club.read(), was = one(before, '2026-01-20'), is = one(after, '2026-01-20');
	check('a cancelled run stays, by STATUS:CANCELLED and its reason', is.status === 'CANCELLED' && is.description === 'Cancelled: Storm; ice, snow', is);
	check('its UID is the same, its SEQUENCE is higher, its alarm is gone', is.uid === was.uid && is.sequence > was.sequence && is.alarms.length === 0, [was, is]);
	check('the others are as they were', after.faults.length === 0 && JSON.stringify(after.events.filter(({ uid }) => uid !== is.uid)) ===
		JSON.stringify(before.events.filter(({ uid }) => uid !== is.uid)));
	was = is;
	club.turnout('calendar', 'restore', '2026-01-20');
	club.publish();
	is = one(club.read(), '2026-01-20');
	check('restored, it is confirmed, with a higher SEQUENCE and an alarm', is.status === 'CONFIRMED' && is.uid === was.uid && is.sequence > was.sequence && is.alarms.length === 1, is);
	was = one(after, '2026-01-27');
	club.turnout('calendar', 'move', '2026-01-27', '--date', '2026-01-28', '--start', '19:00');
	club.publish();
	after = club.read();
	is = one(after, '2026-01-28');
	check('a moved run keeps its UID, and its SEQUENCE is higher', is.uid === was.uid && is.sequence > was.sequence && is.wall === '2026-01-28T19:00' && uids(after) === uids(before), is);

	const group = after.events.filter(({ summary }) => summary === 'Tuesday Social'), reading = club.read('groups/tuesday-social/calendar.ics');
	check('the feed of a group has its runs, and says nothing else of them', reading.faults.length === 0 && group.length === 8 && JSON.stringify(reading.events) === JSON.stringify(group), reading);
	club.turnout('group', 'add', 'Nobody Yet');
	club.publish();
	check('that of a group without a run is valid too', club.read('groups/nobody-yet/calendar.ics').faults.length === 0);

	club.turnout('set', 'zone', 'Asia/Kathmandu');
	club.turnout('calendar', 'add', '--group', 'Nobody Yet', '--date', '2026-06-01', '--start', '06:00');
	club.publish();
	after = club.read();
	check('runs of two zones have a VTIMEZONE each', after.faults.length === 0 && after.zones.join() === 'Asia/Kathmandu,Europe/London' &&
		one(after, '2026-06-01').zone === 'Asia/Kathmandu' && one(after, '2026-02-03').zone === 'Europe/London', after.zones);
	check('a run without an end lasts an hour', one(after, '2026-06-01').lasts === 3600);
	const kept = uids(after);
	unlinkSync(join(club.folder, 'site/manifest.db'));
	club.publish('--full');
	check('UIDs stay when everything is made again', uids(club.read()) === kept);
}

run(() => {
	let plans;

	try {
		plans = feed(['plan', ...zones]);
	} catch (error) {
		if (!/ModuleNotFoundError|ENOENT/.test(String(error)))
			throw error;
		skip('the calendar feeds', 'python3-icalendar or python3-recurring-ical-events is not installed');
		return;
	}
	checkZones(plans);
	checkChanges();
});
