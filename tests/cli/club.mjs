// SPDX-License-Identifier: ISC
// club.mjs: a new club, its settings, figures, health and copies; the demo club.
import { chmodSync, copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { caller, check, makeFolder, run } from './lib.mjs';

const figures = ['groups', 'people', 'runs', 'run_dates', 'attendances', 'present', 'absent', 'excused', 'late', 'schema', 'sqlite'];

function checkInit() {
	const folder = makeFolder();
	const turnout = caller(folder);
	let result = turnout(['init']);

	check('init without --name and without a terminal ends with 2 and makes nothing',
		result.code === 2 && result.err.includes('--name') && readdirSync(folder).length === 0, result);
	result = turnout(['init', '--name', 'X', '--zone', 'Mars/Olympus']);
	check('init refuses an unknown zone with 2 and makes nothing', result.code === 2 && readdirSync(folder).length === 0, result);
	result = turnout(['init', '--name', 'Ünïcode Club', '--zone', 'Europe/London', '--address', 'https://runs.example.org', '--word', 'class']);
	check('init makes db/turnout.db and says what comes next', result.code === 0 && result.err.includes('turnout calendar add'), result);
	check('for its owner alone', (statSync(join(folder, 'db/turnout.db')).mode & 0o777) === 0o600);
	const before = readFileSync(join(folder, 'db/turnout.db'));
	result = turnout(['init', '--name', 'Other', '--zone', 'UTC']);
	check('init again ends with 1 and a sentence', result.code === 1 && result.err.includes('already exists. Nothing was changed.'), result);
	check('and changes nothing', before.equals(readFileSync(join(folder, 'db/turnout.db'))));
	result = turnout(['set', '--json']);
	check('set lists every setting with its value and meaning', result.json.length === 19 && result.json.every((row) => row.meaning.length > 5), result.json);
	const value = (key) => turnout(['set', '--json']).json.find((row) => row.key === key).value;
	check('the settings are those of init', value('name') === 'Ünïcode Club' && value('word') === 'class' && value('address') === 'https://runs.example.org');
	check('set KEY VALUE changes one', turnout(['set', 'opens_min', '45']).code === 0 && value('opens_min') === 45);
	check('and says what it is now', turnout(['set', 'word', 'meeting']).err === 'word is now “meeting”.\n');
	check('set KEY prints its bare value', turnout(['set', 'zone']).out === 'Europe/London\n');
	for (const [key, wrong] of [['zone', 'Nowhere'], ['address', 'ftp://x'], ['visibility', 'loud'], ['closes_min', '1441'], ['colour', 'red']]) {
		result = turnout(['set', key, wrong]);
		check(`set ${key} ${wrong} ends with 2 and changes nothing`, result.code === 2 && /othing was changed/.test(result.err), result);
	}
	result = turnout(['status', '--json']);
	check('status --json has every figure', figures.every((key) => key in result.json), result.json);
	check('a new club has none of anything', result.json.runs === 0 && result.json.people === 0);
	check('status prints them as a table too', /^groups +0$/m.test(turnout(['status']).out));
	result = caller(makeFolder())(['status', '--json'], { env: { TURNOUT_DB: join(folder, 'db/turnout.db') } });
	check('TURNOUT_DB names the database', result.code === 0 && result.json.club === 'Ünïcode Club');
	result = caller(makeFolder())(['status', '--json', '--db', join(folder, 'db/turnout.db')], { env: { TURNOUT_DB: '/nowhere' } });
	check('--db goes before it', result.code === 0 && result.json.club === 'Ünïcode Club');
	turnout(['group', 'add', 'Hills']);
	for (const words of [['set', 'language', 'nl'], ['set', 'languages', 'de,nl'], ['group', 'set', 'Hills', '--language', 'nl-BE']]) {
		result = turnout(words);
		check(`“turnout ${words.join(' ')}” says that nobody wrote its words`, result.code === 0 && /no texts in “nl(-BE)?” yet/.test(result.err)
			&& !result.err.includes('“de” yet'), result);
	}
	check('of a language that is there it says nothing', turnout(['set', 'language', 'de-CH']).err === 'language is now “de-CH”.\n');
	result = turnout(['group', 'set', 'Hills', '--name', 'Hill Repeats']);
	check('a group that is renamed is said to be', result.err.startsWith('“Hills” is now called “Hill Repeats”'), result);
	writeFileSync(join(folder, 'notes.db'), 'not a database at all, only some text that is long enough');
	result = turnout(['status', '--db', 'notes.db']);
	check('a file that is no database is refused, with a sentence', result.code !== 0 && result.err.startsWith('turnout: '), result);
}

function checkHealth() {
	const folder = makeFolder();
	const turnout = caller(folder);

	turnout(['init', '--name', 'Club', '--zone', 'UTC']);
	mkdirSync(join(folder, 'templates/pages'), { recursive: true });
	writeFileSync(join(folder, 'templates/pages/home.sql'), '');
	let result = turnout(['doctor', '--json']);
	check('doctor ends with 3 while the site was not published', result.code === 3, result);
	check('and that is the one problem', result.json.filter((row) => !row.fine).map((row) => row.check).join() === 'site', result.json);
	check('each check says what was found, each problem what to do', result.json.every((row) => row.found !== '' && row.fine === (row.advice === '')));
	mkdirSync(join(folder, 'site'));
	writeFileSync(join(folder, 'site/manifest.db'), '');
	check('doctor ends with 0 when all is well', turnout(['doctor']).code === 0);
	chmodSync(join(folder, 'db/turnout.db'), 0o644);
	result = turnout(['doctor', '--json']);
	check('doctor sees a database that others may read', result.code === 3 && result.json.some((row) => row.check === 'file mode' && !row.fine));
	chmodSync(join(folder, 'db/turnout.db'), 0o600);
	const aside = join(folder, 'db/turnout.db-redo.2');		/* the first was seen to and removed */
	writeFileSync(aside, 'INSERT INTO event');
	result = turnout(['doctor', '--json']);
	check('doctor sees check-ins that were set aside, and where', result.code === 3 &&
		result.json.find((row) => row.check === 'check-ins set aside').found.endsWith('/db/turnout.db-redo.2'), result);
	turnout(['group', 'add', 'Hills']);
	turnout(['calendar', 'add', '--group', 'Hills', '--every', 'tuesday', '--from', '2026-12-01', '--until', '2026-12-31', '--start', '18:30']);
	const zones = () => turnout(['doctor', '--json']).json.find((row) => row.check === 'zones of runs');
	check('doctor knows the zones of all runs', zones().fine, zones());
	execFileSync('sqlite3', [join(folder, 'db/turnout.db'), "UPDATE run SET zone = 'Mars/Base' WHERE date > '2026-12-02'; UPDATE schedule SET zone = 'US/Nowhere'"]);
	check('it names what has one that is not known here, and what to do', !zones().fine && zones().advice.includes('tzdata') &&
		zones().found.startsWith('5 ') && zones().found.includes('run 2026-12-08 hills') && zones().found.includes('Mars/Base'), zones());
	execFileSync('sqlite3', [join(folder, 'db/turnout.db'), "UPDATE run SET zone = 'UTC'"]);
	check('a schedule too', !zones().fine && zones().found.includes('schedule from 2026-12-01') && zones().found.includes('US/Nowhere'), zones());
	execFileSync('sqlite3', [join(folder, 'db/turnout.db'), "UPDATE schedule SET zone = 'UTC'"]);
	turnout(['person', 'add', 'Ada Lovelace']);
	result = turnout(['person', 'forget', 'Ada Lovelace', '--yes']);
	check('and who forgets a person is told of them', result.code === 0 && (result.out + result.err).includes('turnout.db-redo.2 holds names'), result);
	rmSync(aside);
	check('doctor without a database ends with 3', caller(makeFolder())(['doctor']).code === 3);

	result = turnout(['backup', 'copy.db', '--json']);
	check('backup prints size and checksum of the copy', result.code === 0 && result.json.size === statSync(join(folder, 'copy.db')).size
		&& result.json.sha256 === createHash('sha256').update(readFileSync(join(folder, 'copy.db'))).digest('hex'), result);
	check('the copy is a club', turnout(['status', '--db', 'copy.db', '--json']).json.club === 'Club');
	turnout(['group', 'add', 'Later']);
	rmSync(join(folder, 'db/turnout.db'));
	rmSync(join(folder, 'db/turnout.db-journal'), { force: true });
	copyFileSync(join(folder, 'copy.db'), join(folder, 'db/turnout.db'));
	check('put back as turnout help backup says, it is the club as it was', turnout(['doctor']).code === 0 && turnout(['group', 'list', '--json']).json.length === 1);
	check('a copy is one file', readdirSync(folder).filter((name) => name.startsWith('copy.db')).join() === 'copy.db', readdirSync(folder));
	check('a copy is never written over another file', turnout(['backup', 'copy.db']).code === 1);
	result = turnout(['backup', 'no/such/folder/copy.db']);
	check('a backup that cannot be made ends with 1 and says so once', result.code === 1 && result.err.split('No backup was made').length === 2
		&& result.err.includes('No such file or directory.'), result);
}

/* The demo club at some moments, those when the day or the clock changes among them. */
function checkDemo() {
	const moments = [['2026-11-20T18:30', '+00:00'], ['2026-11-20T00:05', '+00:00'], ['2026-11-20T23:58', '+00:00'], ['2026-03-29T02:10', '+01:00'],
		['2026-10-25T01:20', '+01:00'], ['2026-10-25T01:20', '+00:00'], ['2028-02-29T12:00', '+00:00']];

	for (const [wall, offset] of moments) {
		const now = wall + offset;
		const turnout = caller(makeFolder());
		const made = turnout(['init', '--demo', '--zone', 'Europe/London', '--now', now]);

		check(`the demo club is made at ${now}`, made.code === 0, made);
		const code = turnout(['code', 'today', '--json', '--now', now]).json;
		check(`at ${now} a run of today is open`, code?.state === 'open' && code.date === now.slice(0, 10), code);
		const runs = turnout(['calendar', 'list', '--from', now.slice(0, 10), '--to', now.slice(0, 10), '--json', '--now', now]).json;
		check(`at ${now} it is the only one of the day`, runs.length === 1, runs.length);
		check(`at ${now} it stays open for an hour at least`,
			Date.parse(code.valid_until) - Date.parse(now) >= 3600e3, code.valid_until);
		check(`at ${now} there are 80 people`, turnout(['status', '--json']).json.people === 80);
	}
	const [one, other] = [caller(makeFolder()), caller(makeFolder())];
	const now = '2026-11-20T18:30';
	for (const turnout of [one, other])
		turnout(['init', '--demo', '--zone', 'Europe/London', '--now', now]);
	const status = one(['status', '--json']).json;
	check('the same moment gives the same club', one(['export', '--format', 'json']).out.replace(/"session":"?[^,}]*/g, '')
		=== other(['export', '--format', 'json']).out.replace(/"session":"?[^,}]*/g, ''));
	check('it has late, excused and absent people', status.late > 0 && status.excused > 0 && status.absent > 0, status);
	check('it has 60 weeks of history', one(['calendar', 'list', '--from', '2025-09-22', '--to', '2026-11-19', '--json', '--now', now]).json.length >= 240);
	const all = one(['calendar', 'list', '--from', '2026-04-20', '--to', '2027-12-31', '--json', '--now', now]).json;
	check('some runs were cancelled, each with a reason', all.filter((run) => run.cancelled).length >= 3 && all.every((run) => run.cancelled === (run.reason !== '')));
	check('nobody came to a run that is still to come', all.every((run) => run.state !== 'scheduled' || run.came === 0));
	check('people are in today already', all.find((run) => run.state === 'open').came >= 5);
	check('somebody is hidden, somebody shows a nickname', ['hidden', 'nickname', 'initials'].every((how) =>
		one(['person', 'list', '--json']).json.some((person) => person.visibility === how)));
	check('a group is a closed list with people on it', one(['group', 'list', '--json']).json.some((group) => group.closed && group.people > 10));
	check('places have addresses and positions', one(['place', 'list', '--json']).json.every((place) => place.address !== '' && place.latitude !== null));
	const { id, came } = all.findLast((run) => run.state === 'closed' && run.came > 0);
	check('a run that moves says who goes along', one(['calendar', 'move', String(id), '--start', '05:05', '--now', now]).err.includes(`${came} came to it; their check-ins move with it`));
	check('one that is cancelled says what becomes of them', one(['calendar', 'cancel', String(id), '--now', now]).err.includes(`${came} came to it. That is kept`));
	check('init --demo leaves a club that is there alone', one(['init', '--demo']).code === 1 && one(['status', '--json']).json.runs === status.runs);
}

run(() => {
	checkInit();
	checkHealth();
	checkDemo();
});
