// SPDX-License-Identifier: ISC
// leave.mjs: turnout export --all: a folder with everything of a club, read by programs that are not ours; complete, or not there at all.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultOf } from '../openapi.mjs';
import { caller, check, compareTrees, damageTable, makeFolder, readTree, root, run } from './lib.mjs';

const now = '2026-11-20T12:00', eldest = '2025-10-16';		// 400 days before
const python = (script, ...words) => JSON.parse(execFileSync('/usr/bin/python3', ['-c', script, ...words], { encoding: 'utf8', maxBuffer: 1 << 28 }));
const readCsv = (path) => python('import csv,json,sys; print(json.dumps(list(csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8"), strict=True))))', path);
/* What disarms a formula, taken away: the JSON has none. */
const armed = (row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value.replace(/^'(?='*\s*[=+\-@])/, '')]));
const readFeed = (path) => python(`
import icalendar, json, sys
calendar = icalendar.Calendar.from_ical(open(sys.argv[1], 'rb').read())
print(json.dumps([[str(event['uid']), str(event['dtstart'].dt)[:10]] for event in calendar.walk('vevent')]))`, path);

run(() => {
	const folder = makeFolder(), call = caller(folder);
	const turnout = (words, options) => call([...words, '--now', now], options);
	const at = (...parts) => join(folder, 'gone', ...parts);

	turnout(['init', '--demo']);
	turnout(['set', 'visibility', 'count']);
	writeFileSync(join(folder, 'hostile.csv'), 'who;group;day;at\n=cmd|x;Hills, "steep";2026-11-03;18:30\nO\'Brien;Hills, "steep";2026-11-03;18:30\n🏃 "Runner";Hills, "steep";2026-11-03;18:30\n');
	turnout(['import', 'attendance', 'hostile.csv', '--person', 'who', '--group', 'group', '--date', 'day', '--start', 'at']);
	turnout(['place', 'set', 'Harbour Steps', '--network', '192.0.2.0/24', '--access-point', '00:00:5e:00:53:01']);
	const own = turnout(['person', 'link', 'Eleanor Hughes']).out.trim().split('/').at(-2);
	let result = turnout(['export', '--all', 'gone/']);
	check('everything is exported, and where to begin is said', result.code === 0 && result.err.includes('gone') && result.err.includes('README.txt'), result);
	check('nobody else may look into it', (statSync(at()).mode & 0o77) === 0);
	const names = readdirSync(at()).sort(), readme = readFileSync(at('README.txt'), 'utf8');
	check('there are tables, everything as JSON, calendars and the site', names.join() === ['README.txt', ...names.filter((name) => /^calendar-.*\.ics$/.test(name)), 'calendar.ics', 'events.csv',
		'everything.json', 'register.csv', 'site'].sort().join(), names);
	check('README.txt says what each is', names.filter((name) => name !== 'README.txt').every((name) => readme.includes(name.replace(/^calendar-.*/, 'calendar-GROUP.ics'))), readme);

	const all = JSON.parse(readFileSync(at('everything.json'), 'utf8')), figures = turnout(['status', '--json']).json;
	check('the JSON is what the OpenAPI file of the site says', faultOf('/components/schemas/Everything', all) === '', faultOf('/components/schemas/Everything', all));
	for (const [key, figure] of [['groups', 'groups'], ['places', 'places'], ['people', 'people'], ['runs', 'runs'], ['register', 'attendances'], ['events', 'events']])
		check(`it has all ${key}`, all[key].length === figures[figure] && all[key].length > 0, [all[key].length, figures[figure]]);
	check('schedules with the days that they leave out', all.schedules.length > 0 && all.schedules.some(({ skips }) => skips.length > 0), all.schedules[0]);
	check('places with what is compared with them', all.places.some(({ networks, access_points }) => networks.join() === '192.0.2.0/24' && access_points.join() === '00:00:5e:00:53:01'), all.places);
	for (const kind of ['register', 'events'])
		check(`Python reads from ${kind}.csv what the JSON has, line by line`, JSON.stringify(readCsv(at(`${kind}.csv`)).map(armed)) === JSON.stringify(all[kind]));
	check('hostile names came through', all.people.some(({ name }) => name === '=cmd|x') && all.groups.some(({ name }) => name === 'Hills, "steep"'));

	const near = all.runs.filter(({ date }) => date >= eldest);
	check('icalendar reads every run of the last 400 days and to come from calendar.ics', readFeed(at('calendar.ics')).length === near.length && near.length > 100, near.length);
	for (const group of all.groups) {
		const days = readFeed(at(`calendar-${group.slug}.ics`)).map(([, day]) => day).sort();
		check(`and those of ${group.name} from its own`, days.join() === near.filter(({ group_id: id }) => id === group.id).map(({ date }) => date).sort().join() && days.length > 0, days.length);
	}
	turnout(['publish']);
	const site = readTree(join(folder, 'site/public'));
	check('the site is the public one, to the byte', compareTrees(site, readTree(at('site'))).length === 0 && site.size > 300, compareTrees(site, readTree(at('site'))).slice(0, 5));
	const secrets = [own, turnout(['export', 'link', '--json']).json.secret, ...execFileSync('sqlite3', [join(folder, 'db/turnout.db'), 'SELECT capability FROM run'], { encoding: 'utf8' }).trim().split('\n')];
	const texts = [...readTree(at()).values()].map((bytes) => bytes.toString('latin1'));
	check('no secret address is in it', secrets.length > 200 && secrets.every((secret) => secret.length >= 26 && texts.every((text) => !text.includes(secret))));
	const page = readFileSync(join(folder, 'site/private/exports', readdirSync(join(folder, 'site/private/exports'))[0], 'index.html'), 'utf8');
	check('the history of exports has it', page.includes('all, folder') && page.includes(`>${(figures.attendances + figures.events).toLocaleString("en")}<`), page);

	const other = caller(makeFolder());
	other(['init', '--name', 'Copy', '--zone', 'UTC', '--now', now]);
	result = other(['import', at('events.csv')]);
	check('and the events make an equal club elsewhere', result.code === 0 && other(['export', 'events']).out === readFileSync(at('events.csv'), 'utf8')
		&& other(['export']).out === readFileSync(at('register.csv'), 'utf8'), result.err);

	const before = readTree(at());
	result = turnout(['export', '--all', 'gone']);
	check('a folder that has something in it is left alone', result.code === 1 && result.err.includes('is not an empty folder') && compareTrees(before, readTree(at())).length === 0, result);
	check('so is a file', turnout(['export', '--all', 'hostile.csv']).code === 1);
	mkdirSync(join(folder, 'empty'));
	check('an empty folder is filled', turnout(['export', '--all', 'empty', '--quiet']).code === 0 && compareTrees(before, readTree(join(folder, 'empty'))).every((name) => name !== 'register.csv'));
	for (const more of [['--from', '2026-01-01'], ['--format', 'pdf'], ['--output', 'x'], ['events']])
		check(`${more[0]} does not go with it`, turnout(['export', '--all', 'none', ...more]).code === 2);
	execFileSync('cp', ['-r', join(root, 'templates'), join(folder, 'broken')]);
	writeFileSync(join(folder, 'broken/pages/home.html'), '{{nothing_of_that_name}}');
	result = turnout(['export', '--all', 'half', '--templates', join(folder, 'broken')]);
	check('where the site cannot be made nothing is left behind', result.code !== 0 && result.err.includes('Nothing was exported') && !readdirSync(folder).some((name) => /^(half|none|gone\.|empty\.)/.test(name)), [result.err, readdirSync(folder)]);
	for (const table of ['schedule', 'place_network', 'attendance']) {
		damageTable(join(folder, 'db/turnout.db'), table);
		result = turnout(['export', '--all', 'half']);
		check(`where ${table} is damaged it says so, and leaves nothing behind`, result.code === 1 && /^turnout: .*malformed.* Nothing was exported\..*\n$/.test(result.err) &&
			!readdirSync(folder).some((name) => name.startsWith('half')), [result.err, readdirSync(folder)]);
	}
	check('nor where the place cannot be written', turnout(['export', '--all', 'no/such/folder']).code === 1 && !readdirSync(folder).includes('no'));
});
