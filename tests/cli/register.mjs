// SPDX-License-Identifier: ISC
// register.mjs: groups, places, people and hosts; attendance imported and exported.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { caller, check, makeFolder, root, run } from './lib.mjs';

const now = '2026-11-20T12:00';
const sheet = join(root, 'tests/data/session.csv');
const columns = ['--person', 'First Name,Last Name', '--group', 'Group', '--date', 'Day', '--date-format', 'DD/MM/YYYY', '--start', 'Begin',
	'--end', 'End', '--title', 'What', '--status', 'Came', '--present', 'Yes', '--late', 'late', '--absent', 'No', '--excused', 'sick'];

function newClub(folder) {
	const turnout = caller(folder);

	turnout(['init', '--name', 'Club', '--zone', 'Europe/London', '--now', now]);
	return (words, options) => turnout([...words, '--now', now], options);
}

function checkGroups(turnout) {
	const groups = () => turnout(['group', 'list', '--json']).json;
	let result = turnout(['group', 'add', 'Hills', 'Café  Tuesday']);

	check('group add adds several, tidied', result.code === 0 && groups().map((each) => each.name).join() === 'Café Tuesday,Hills', groups());
	result = turnout(['group', 'add', 'New', 'HILLS']);
	check('a name that is there already ends with 1, and none is added', result.code === 1 && groups().length === 2, result);
	check('an empty name ends with 1', turnout(['group', 'add', '']).code === 1 && groups().length === 2);
	turnout(['group', 'close', 'hills']);
	check('group close makes it a closed list', groups()[1].closed === true);
	turnout(['group', 'open', 'hills']);
	check('group open opens it', groups()[1].closed === false);
	turnout(['group', 'set', 'hills', '--name', 'Hill Repeats']);
	check('group set renames, the address stays', groups().some((each) => each.name === 'Hill Repeats' && each.slug === 'hills'), groups());
	check('to no other’s name', turnout(['group', 'set', 'hills', '--name', 'Café Tuesday']).code === 1);
	check('an unknown group ends with 1', turnout(['group', 'close', 'Nobody']).code === 1);
}

function checkPlaces(turnout) {
	const place = () => turnout(['place', 'list', '--json']).json[0];

	turnout(['place', 'add', 'Boathouse', '--address', '1 Quay Street', '--latitude', '51.45', '--longitude', '-2.6', '--radius', '150']);
	check('place add takes address, position and radius, west and south too', place().address === '1 Quay Street'
		&& place().latitude === 51.45 && place().longitude === -2.6 && place().radius_m === 150, place());
	check('a position is printed as it was given', turnout(['place', 'list', '--json']).out.includes('"latitude": 51.45,'));
	turnout(['place', 'set', 'boathouse', '--name', 'Old Boathouse', '--radius', '0']);
	check('place set changes what is given and leaves the rest', place().name === 'Old Boathouse' && place().radius_m === null && place().latitude === 51.45, place());
	turnout(['place', 'set', 'Old Boathouse', '--latitude', '', '--longitude', '']);
	check('an empty position is none', place().latitude === null && place().longitude === null);
	for (const wrong of [['--latitude', '91', '--longitude', '0'], ['--latitude', 'north', '--longitude', '0'], ['--latitude', '1'], ['--radius', '-1'],
		['--latitude', 'nan', '--longitude', '0'], ['--address', 'a\nb']])
		check(`place set ${JSON.stringify(wrong.join(' '))} ends with 2`, turnout(['place', 'set', 'Old Boathouse', ...wrong]).code === 2);
	check('nothing of that was taken', place().latitude === null && place().address === '1 Quay Street');
}

function checkPeople(turnout) {
	const people = (...more) => turnout(['person', 'list', '--json', ...more]).json;
	let result = turnout(['person', 'add', 'Ada Lovelace', 'Grace Hopper', '--group', 'Café Tuesday']);

	check('person add adds people and puts them on a list', result.code === 0 && people('--group', 'Café Tuesday').length === 2, result);
	result = turnout(['person', 'add', 'ADA  LOVELACE']);
	check('nobody is made twice', result.code === 0 && result.err.includes('Added: 0.') && people().length === 2, result);
	turnout(['person', 'set', 'ada lovelace', '--nickname', 'Countess', '--visibility', 'nickname']);
	check('person set takes nickname and visibility', people()[0].nickname === 'Countess' && people()[0].visibility === 'nickname', people()[0]);
	turnout(['person', 'set', 'Ada Lovelace', '--visibility', '']);
	check('an empty visibility is the club’s', people()[0].visibility === '' && people()[0].nickname === 'Countess');
	result = turnout(['person', 'set', 'Ada Lovelace', '--visibility', 'loud', '--nickname', 'X']);
	check('an unknown visibility is refused, and nothing is changed', result.code !== 0 && people()[0].nickname === 'Countess', result);
	check('person set of nobody ends with 1', turnout(['person', 'set', 'Nobody Here', '--nickname', 'X']).code === 1 && people().length === 2);
	result = turnout(['person', 'add', 'Katherine Johnson', '--group', 'Nobody']);
	check('an unknown group ends with 1, and nobody is added', result.code === 1 && people().length === 2, result);
	result = turnout(['person', 'import', '-', '--dry-run', '--json'], { input: 'Mary Jackson\nAda Lovelace\n' });
	check('person import of plain lines, as a dry run, adds nobody', result.code === 0 && result.json.people === 1 && people().length === 2, result);
	result = turnout(['person', 'import', '-', '--name', 'First,Last', '--group-name', 'Café Tuesday'], { input: 'First;Last\nMary;Jackson\nAda;Lovelace\n' });
	check('person import of a sheet adds who is new and lists them', result.code === 0 && people('--group', 'Café Tuesday').length === 3, result);
	turnout(['host', 'add', 'Mira Novak', 'Tom Ashdown']);
	check('host add adds hosts', turnout(['host', 'list', '--json']).json.map((each) => each.name).join() === 'Mira Novak,Tom Ashdown');
	check('as a table too', /^ *\d+  Mira Novak +no$/m.test(turnout(['host', 'list']).out), turnout(['host', 'list']).out);
	check('a host that is there already ends with 1', turnout(['host', 'add', 'mira novak']).code === 1);
}

function checkAttendance(turnout, folder) {
	const status = () => turnout(['status', '--json']).json;
	const before = status();
	let result = turnout(['import', 'attendance', sheet, ...columns, '--dry-run', '--json']);

	check('a dry run of a register counts what would come', result.code === 0 && result.json.added > 0 && result.json.dry_run === true, result);
	check('and adds nothing', JSON.stringify(status()) === JSON.stringify(before));
	const { added } = result.json;
	result = turnout(['import', 'attendance', sheet, ...columns]);
	check('the import says what it did in one line', result.code === 0 && new RegExp(`^Imported: .*\\b${added} added`).test(result.out), result);
	check('and did it', status().attendances - before.attendances === added, status());
	result = turnout(['import', 'attendance', sheet, ...columns, '--json']);
	check('a second time adds nothing', result.code === 0 && result.json.added === 0 && result.json.runs === 0, result.json);
	check('standard input does as well', turnout(['import', 'attendance', '-', ...columns, '--json'], { input: readFileSync(sheet, 'utf8') }).json.same === added);
	result = turnout(['import', 'attendance', '-', ...columns], { input: 'Last Name,First Name,Group,Day,Begin,End,What,Came\nA,B,G,31/31/2025,18:30,,,Yes\n' });
	check('a bad line ends with 1, is named with its number, and nothing is imported', result.code === 1 && result.err.includes('-:2: ')
		&& result.err.includes('Nothing was imported'), result);
	check('a column that is not there ends with 2', turnout(['import', 'attendance', sheet, '--person', 'Nobody', '--group', 'Group', '--date', 'Day']).code === 2);

	const csv = turnout(['export']).out.trimEnd().split('\r\n');
	check('export writes a head and a line an attendance', csv.length === status().attendances + 1 && csv[0].startsWith('date,'), csv[0]);
	const json = JSON.parse(turnout(['export', '--format', 'json']).out);
	check('as JSON too', json.length === csv.length - 1 && json.every((line) => 'person' in line && 'status' in line));
	const date = json.at(-1).date;
	check('--from and --to narrow it down', JSON.parse(turnout(['export', '--format', 'json', '--from', date, '--to', date]).out).length
		=== json.filter((line) => line.date === date).length);
	result = turnout(['export', '--output', 'out.csv']);
	check('--output writes the same into a file', result.code === 0 && result.out === '' && readFileSync(join(folder, 'out.csv'), 'utf8') === turnout(['export']).out);
	writeFileSync(join(folder, 'kept.csv'), 'before');
	result = turnout(['export', '--output', 'kept.csv', '--group', 'Nobody']);
	check('an export that fails leaves the file as it was', result.code === 1 && readFileSync(join(folder, 'kept.csv'), 'utf8') === 'before', result);
	result = turnout(['export', '--output', 'no/such/out.csv']);
	check('a folder that is not there ends with 1, with a sentence', result.code === 1 && result.err.includes('could not be written') && !existsSync(join(folder, 'no')), result);
	check('a format that is none ends with 2', turnout(['export', '--format', 'xml']).code === 2);
}

run(() => {
	const folder = makeFolder();
	const turnout = newClub(folder);

	checkGroups(turnout);
	checkPlaces(turnout);
	checkPeople(turnout);
	checkAttendance(turnout, folder);
});
