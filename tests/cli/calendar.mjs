// SPDX-License-Identifier: ISC
// calendar.mjs: adding, cancelling, moving, listing, extending and importing runs and schedules.
import { join } from 'node:path';
import { check, makeClub, root, run } from './lib.mjs';

const now = '2026-03-20T12:00';

function newClub() {
	const turnout = makeClub(now);

	turnout(['group', 'add', 'Tuesday Social', 'Hills']);
	turnout(['place', 'add', 'Old Boathouse']);
	turnout(['host', 'add', 'Mira Novak']);
	return turnout;
}

/* All runs of a time, as JSON. */
function list(turnout, from = '2026-01-01', to = '2029-12-31', ...more) {
	return turnout(['calendar', 'list', '--from', from, '--to', to, '--json', ...more]).json;
}

function checkAdd() {
	const turnout = newClub();
	let result = turnout(['calendar', 'add', '--group', 'tuesday social', '--every', 'tuesday', '--start', '18:30', '--end', '19:30',
		'--until', '2026-04-30', '--skip', '2026-04-14', '--place', 'Old Boathouse', '--host', 'Mira Novak', '--json']);
	const dates = ['2026-03-24', '2026-03-31', '2026-04-07', '2026-04-21', '2026-04-28'];

	check('--every tuesday adds the Tuesdays, without the one to skip', list(turnout).map((each) => each.date).join() === dates.join(), list(turnout));
	check('and prints the next five', result.json.map((each) => each.date).join() === dates.join(), result.json);
	check('the wall time stays when the clock changes', result.json.every((each) => each.start === '18:30'));
	check('the instant moves with it', result.json[0].starts === '2026-03-24T18:30:00+00:00' && result.json[1].starts === '2026-03-31T18:30:00+01:00', result.json);
	check('they have place, group, title and state', result.json.every((each) => each.place === 'Old Boathouse' && each.group === 'Tuesday Social'
		&& each.title === 'Tuesday Social' && each.state === 'scheduled'));
	result = turnout(['calendar', 'add', '--group', 'Tuesday Social', '--every', 'tuesday', '--start', '18:30', '--until', '2026-05-12']);
	check('the same again carries the schedule on, and keeps what it skips', result.code === 0 && list(turnout).length === 7
		&& !list(turnout).some((each) => each.date === '2026-04-14'), list(turnout).length);
	result = turnout(['calendar', 'add', '--group', 'Hills', '--rule', 'FREQ=MONTHLY;BYDAY=1SA', '--from', '2026-11-01', '--start', '09:00', '--json']);
	check('a rule runs for a year unless told otherwise', list(turnout, undefined, undefined, '--group', 'Hills').length === 12, list(turnout).length);
	check('and shows five of them', result.json.length === 5 && result.json[0].date === '2026-11-07', result.json);
	result = turnout(['calendar', 'add', '--group', 'Hills', '--date', '2026-12-31', '--date', '2027-01-01', '--start', '10:00', '--title', 'Turn of the year', '--json']);
	check('--date adds a run a day', result.code === 0 && result.json.length === 2 && result.json[1].title === 'Turn of the year', result);
	// What a secretary would not see in a line of figures.
	result = turnout(['calendar', 'add', '--group', 'Tuesday Social', '--every', 'tuesday', '--from', '2026-04-15', '--start', '18:30', '--until', '2026-05-12']);
	check('a rule whose runs are there already says so', result.code === 0 && /No run was added.*exist already/.test(result.err)
		&& !result.err.includes('in the future'), result);
	const addOne = (date, start, end) => turnout(['calendar', 'add', '--group', 'Hills', '--date', date, '--start', start, '--end', end]);
	result = addOne('2026-06-01', '18:30', '17:30');
	check('an end before the start is said to be on the day after', result.code === 0 && result.err.includes('ends on the next day, at 17:30'), result);
	result = addOne('2027-03-28', '01:30', '02:30');
	check('a start that the clocks skip is said', result.code === 0 && result.err.includes('skip 01:30: the run starts at 02:30'), result);
	result = addOne('2026-10-25', '01:30', '02:30');
	check('a start that they show twice is said', result.code === 0 && result.err.includes('show 01:30 twice'), result);
	check('of other times nothing is said', addOne('2026-06-02', '18:30', '19:30').err === '');

	const before = list(turnout).length;
	result = turnout(['calendar', 'add', '--group', 'Hills', '--date', '2027-02-02', '--date', '2027-01-01', '--start', '10:00', '--title', 'Turn of the year']);
	check('a run that is there already ends with 1', result.code === 1 && result.err.includes('already'), result);
	check('and none of the others is added', list(turnout).length === before);

	const add = ['calendar', 'add', '--group', 'Hills', '--start', '10:00'];
	const refused = [
		['no day at all', add], ['two kinds of days', [...add, '--date', '2026-05-01', '--every', 'mon']],
		['a day that is none', [...add, '--date', '2026-02-30']], ['a time that is none', ['calendar', 'add', '--group', 'Hills', '--start', '10:60', '--date', '2026-05-01']],
		['a weekday that is none', [...add, '--every', 'someday']], ['a rule that is none', [...add, '--rule', 'FREQ=SOMETIMES']],
		['a rule by the hour', [...add, '--rule', 'FREQ=HOURLY']], ['a rule without a day', [...add, '--every', 'monday', '--from', '2026-03-24', '--until', '2026-03-26']],
		['--skip with --date', [...add, '--date', '2026-05-01', '--skip', '2026-05-02']], ['a skip that is no date', [...add, '--every', 'monday', '--skip', 'easter']],
		['no group', ['calendar', 'add', '--start', '10:00', '--date', '2026-05-01']], ['no start', ['calendar', 'add', '--group', 'Hills', '--date', '2026-05-01']],
		['a title with a line break', [...add, '--date', '2026-05-01', '--title', 'a\nb']],
	];
	for (const [what, words] of refused) {
		result = turnout(words);
		check(`${what} ends with 2 and adds nothing`, result.code === 2 && list(turnout).length === before && result.err.startsWith('turnout: '), result);
	}
	for (const [option, name] of [['--group', 'Nobody'], ['--place', 'Nowhere'], ['--host', 'Noone']]) {
		result = turnout([...add, '--date', '2026-05-01', option, name]);
		check(`an unknown ${option} ends with 1, is named and adds nothing`, result.code === 1 && result.err.includes(name) && list(turnout).length === before, result);
	}
}

function checkChange() {
	const turnout = newClub();
	let result;

	turnout(['calendar', 'add', '--group', 'Tuesday Social', '--every', 'tue', '--start', '18:30', '--end', '19:30', '--until', '2026-04-30']);
	turnout(['calendar', 'add', '--group', 'Hills', '--date', '2026-04-07', '--start', '23:00', '--end', '00:30']);
	const one = (date, group = 'Tuesday Social') => list(turnout, date, date, '--group', group)[0];

	result = turnout(['calendar', 'cancel', '2026-03-24', '--reason', 'Storm warning']);
	check('cancel keeps the run, with its reason', one('2026-03-24').state === 'cancelled' && one('2026-03-24').reason === 'Storm warning', result);
	check('and says how to take it back', result.err.includes(`turnout calendar restore ${one('2026-03-24').id}`), result.err);
	check('cancelling again without a reason keeps the reason', turnout(['calendar', 'cancel', '2026-03-24']).code === 0 && one('2026-03-24').reason === 'Storm warning');
	turnout(['calendar', 'restore', String(one('2026-03-24').id)]);
	check('restore takes it back', one('2026-03-24').state === 'scheduled' && one('2026-03-24').reason === '');
	result = turnout(['calendar', 'cancel', '2026-04-07']);
	check('a date with two runs ends with 2 and lists both with their ids', result.code === 2 && result.err.includes('Hills')
		&& result.err.includes('Tuesday Social') && one('2026-04-07').state === 'scheduled', result);
	check('--group says which', turnout(['calendar', 'cancel', '2026-04-07', '--group', 'Hills']).code === 0 && one('2026-04-07', 'Hills').state === 'cancelled');
	check('a session id says which', turnout(['calendar', 'cancel', one('2026-04-07').session_id.toLowerCase()]).code === 0 && one('2026-04-07').state === 'cancelled');
	for (const word of ['999999', 'ABCDEFGHJK', '2026-12-25', 'tomorrow', ''])
		check(`cancel “${word}”, which is no run, ends with 1`, turnout(['calendar', 'cancel', word]).code === 1);

	turnout(['calendar', 'move', '2026-03-31', '--start', '20:00']);
	check('a new start takes the end along', one('2026-03-31').start === '20:00' && one('2026-03-31').end === '21:00', one('2026-03-31'));
	turnout(['calendar', 'move', '2026-03-31', '--end', '', '--place', 'Old Boathouse']);
	check('an empty end is no end, and the place moves', one('2026-03-31').end === '' && one('2026-03-31').place === 'Old Boathouse');
	turnout(['calendar', 'move', '2026-04-14', '--date', '2026-04-15']);
	turnout(['calendar', 'cancel', '2026-04-15', '--reason', 'Ice']);
	result = turnout(['calendar', 'move', '2026-04-15', '--start', '18:45']);
	check('a run that moves while it is cancelled is said to be so still', result.err.includes('still cancelled; turnout calendar restore'), result);
	check('a run moves to another day', one('2026-04-15')?.title === 'Tuesday Social' && one('2026-04-14') === undefined);
	result = turnout(['calendar', 'move', '2026-04-21', '--date', '2026-04-28']);
	check('but not onto another run of its group', result.code === 1 && one('2026-04-21') !== undefined, result);
	check('move without anything to move ends with 2', turnout(['calendar', 'move', '2026-04-21']).code === 2);

	const before = list(turnout).length;
	result = turnout(['calendar', 'extend', '--until', '2026-05-31']);
	check('extend carries the schedules on', list(turnout, '2026-05-01', '2026-05-31').length === 4, result);
	check('a run that was moved does not come back on its old day', one('2026-04-14') === undefined && list(turnout).length === before + 4, list(turnout).length - before);
	check('extend again adds nothing', turnout(['calendar', 'extend', '--until', '2026-05-31']).code === 0 && list(turnout).length === before + 4);
}

function checkList() {
	const turnout = newClub();

	check('an empty calendar is an empty list', list(turnout).length === 0 && turnout(['calendar', 'list']).out === '');
	turnout(['calendar', 'add', '--group', 'Tuesday Social', '--every', 'tuesday', '--start', '18:30']);
	check('list shows four weeks from today on', turnout(['calendar', 'list', '--json']).json.length === 4);
	const lines = turnout(['calendar', 'list']).out.trimEnd().split('\n');
	check('as a table its columns are aligned', lines.length === 5 && new Set(lines.map((line) => line.search(/START|18:30/))).size === 1, lines);
	let result = turnout(['calendar', 'list', '--from', '2026-05-01', '--to', '2026-04-01']);
	check('a last day before the first ends with 2, and both are named', result.code === 2 && result.err.includes('2026-04-01, is before the first, 2026-05-01'), result);
	result = turnout(['calendar', 'list', '--to', '2026-01-01']);
	check('so does one before today', result.code === 2 && result.err.includes('before the first, 2026-03-20'), result);
	check('dates that are none end with 2', turnout(['calendar', 'list', '--from', '2026-13-01']).code === 2);
}

function checkImport() {
	const turnout = newClub();
	const file = join(root, 'tests/data/calendar.ics');
	const words = ['calendar', 'import', file, '--group', 'From Elsewhere', '--from', '2026-01-01', '--json'];
	let result = turnout([...words, '--dry-run']);

	check('a dry run of an iCalendar file says how many runs it would add', result.code === 0 && result.json.runs > 0 && result.json.dry_run === true, result);
	check('and adds none', list(turnout).length === 0);
	const { runs } = result.json;
	result = turnout(words);
	check('the import adds as many', result.code === 0 && result.json.runs === runs && list(turnout).length >= 1 && turnout(['status', '--json']).json.runs === runs, result);
	check('once', turnout(words).json.runs === 0 && turnout(['status', '--json']).json.runs === runs);
	result = turnout(['calendar', 'import', '-', '--group', 'X'], { input: 'nonsense' });
	check('what is no iCalendar file ends with 1, nothing is imported', result.code === 1 && result.err.includes('Nothing was imported'), result);
	check('a file that is not there ends with 1', turnout(['calendar', 'import', 'no.ics', '--group', 'X']).code === 1);
	check('import without --group ends with 2', turnout(['calendar', 'import', file]).code === 2);
}

/* What the check-in of a run asks for, and of new runs; by what a phone at a place is known. */
function checkRules() {
	const turnout = newClub();
	const add = (date) => turnout(['calendar', 'add', '--group', 'Hills', '--date', date, '--start', '10:00', '--end', '11:00']);
	const rule = (date, key) => turnout(['calendar', 'rules', date, '--json']).json.find((row) => row.key === key).value;

	add('2026-04-01');
	let result = turnout(['calendar', 'rules', '2026-04-01', '--json']);
	check('a run has nine rules, each with a meaning', result.json.length === 9 && result.json.every((row) => row.meaning.length > 10), result.json);
	for (const [key, value, stored = value] of [['interval_s', '60', 60], ['typed', 'letters'], ['is_single', 'yes'], ['late_min', '10', 10], ['late_min', 'never'],
		['deliver_min', '0', 0], ['has_check_out', 'yes'], ['position', 'pending'], ['network', 'refused'], ['access_point', 'noted']]) {
		result = turnout(['calendar', 'rules', '2026-04-01', key, value]);
		check(`the rule ${key} of a run can be ${value}`, result.code === 0 && rule('2026-04-01', key) === stored, result);
	}
	for (const [key, value] of [['interval_s', '9'], ['interval_s', '121'], ['interval_s', ''], ['typed', 'words'], ['is_single', 'maybe'], ['late_min', '1.5'],
		['late_min', '1441'], ['deliver_min', 'never'], ['position', 'wanted'], ['colour', 'red']]) {
		result = turnout(['calendar', 'rules', '2026-04-01', key, value]);
		check(`the rule ${key} cannot be “${value}”, and nothing is changed`, result.code !== 0 && result.err.includes('Nothing was changed'), result);
	}
	check('a key without a value is refused', turnout(['calendar', 'rules', '2026-04-01', 'typed']).code === 2);
	turnout(['set', 'late_min', '15']);
	turnout(['set', 'position', 'noted']);
	add('2026-04-08');
	check('a new run has the rules of the club', rule('2026-04-08', 'late_min') === 15 && rule('2026-04-08', 'position') === 'noted');
	check('a run that was there keeps its own', rule('2026-04-01', 'position') === 'pending' && rule('2026-04-01', 'late_min') === 'never');
	turnout(['calendar', 'move', '2026-04-01', '--start', '12:00']);
	check('a run that moves keeps them', rule('2026-04-01', 'typed') === 'letters');

	const demands = () => turnout(['doctor', '--json']).json.find((row) => row.check === 'demands');
	check('doctor says that a run demands what its place cannot tell', demands().fine === false && demands().found.includes('2026-04-01 hills-1200'), demands());
	turnout(['calendar', 'rules', '2026-04-01', 'position', 'noted']);
	turnout(['calendar', 'rules', '2026-04-01', 'network', 'noted']);
	check('and is content when it only notes it', demands().fine === true, demands());

	const place = () => turnout(['place', 'list', '--json']).json.find((row) => row.name === 'Old Boathouse');
	result = turnout(['place', 'set', 'Old Boathouse', '--network', '192.0.2.7/24', '--network', '2001:DB8::/32', '--access-point', '00-00-5E-00-53-01']);
	check('networks and access points of a place are tidied', result.code === 0 && place().networks.join() === '192.0.2.0/24,2001:db8::/32' &&
		place().access_points.join() === '00:00:5e:00:53:01', [result, place()]);
	result = turnout(['place', 'set', 'Old Boathouse', '--radius', '70', '--network', '192.0.2.0/33']);
	check('what is no network is refused, and nothing is changed', result.code !== 0 && result.err.includes('“192.0.2.0/33” is not a network') &&
		place().networks.length === 2 && place().radius_m === null, [result, place()]);
	turnout(['place', 'set', 'Old Boathouse', '--network', '']);
	check('an empty network takes them away, and leaves the access points', place().networks.length === 0 && place().access_points.length === 1, place());
}

run(() => {
	checkRules();
	checkAdd();
	checkChange();
	checkList();
	checkImport();
});
