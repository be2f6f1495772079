// SPDX-License-Identifier: ISC
// past.mjs: publish --as-of builds the site as it once was, and the next publish brings it up to date again.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { caller, check, compareTrees, makeFolder, readTree, run } from './lib.mjs';

const then = '2026-10-31T12:00', now = '2026-11-20T18:30';
const folder = makeFolder();
const turnout = caller(folder);
const columns = ['--person', 'who', '--group-name', 'Social', '--date', 'day', '--start', 'start', '--status', 'was', '--present', 'in', '--absent', 'out'];

function say(...words) {
	const result = turnout(words);

	if (result.code !== 0)
		throw new Error(`${words.join(' ')}: ${result.err}`);
	return result;
}

const site = (name) => {
	const files = readTree(join(folder, name));

	for (const path of ['manifest.db', 'lock'])
		files.delete(path);
	return files;
};
const sql = (text) => execFileSync('sqlite3', [join(folder, 'db/turnout.db'), text]);
const at = (wall) => Date.parse(`${wall}Z`) / 1000;
const insert = (person, when) => sql(`INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) SELECT r.id, p.id, 'check-in', `
	+ `'present', ${at(when)}, ${at(when)}, 'screen' FROM run AS r, person AS p WHERE r.date = '2026-10-20' AND p.name = '${person}'`);

/* A club of October, with a run to which two came. */
function makeOctober() {
	say('init', '--name', 'Test Club', '--zone', 'Europe/London', '--now', '2026-10-01T09:00');
	say('set', 'visibility', 'name', '--now', '2026-10-01T09:00');
	say('group', 'add', 'Social', '--now', '2026-10-01T09:00');
	say('calendar', 'add', '--group', 'Social', '--every', 'tuesday', '--from', '2026-10-06', '--start', '18:30', '--end', '19:30', '--now', '2026-10-01T09:00');
	say('person', 'add', 'Ada Lovelace', 'Grace Hopper', 'Mary Jackson', '--group', 'Social', '--now', '2026-10-02T09:00');
	insert('Ada Lovelace', '2026-10-20T18:20');
	insert('Grace Hopper', '2026-10-20T18:21');
}

/* November: a late check-in, a cancellation, new runs, places, groups and people. */
function makeNovember() {
	insert('Mary Jackson', '2026-11-20T18:25');
	sql(`INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) SELECT run_id, person_id, 'undo', status, ${at(now)}, ${at(now)}, `
		+ '\'host\' FROM event JOIN person AS p ON p.id = person_id WHERE p.name = \'Ada Lovelace\'');
	say('calendar', 'cancel', '2026-12-01', '--reason', 'Storm', '--now', now);
	say('place', 'add', 'Boathouse', '--now', now);
	say('group', 'add', 'Hills', '--now', now);
	say('calendar', 'add', '--group', 'Hills', '--every', 'saturday', '--start', '09:00', '--place', 'Boathouse', '--now', now);
	say('person', 'add', 'Cleo Late', '--group', 'Hills', '--now', now);
}

run(() => {
	makeOctober();
	say('publish', '--site', 'october', '--now', then);
	const page = 'public/runs/2026-10-20/social-1830/index.html';
	const october = site('october');
	check('the run of October shows who came', october.get(page)?.includes('Ada Lovelace') && !october.get(page).includes('Mary Jackson'));
	makeNovember();
	say('publish', '--site', 'site', '--now', now);
	check('in November it shows others', !site('site').get(page).includes('Ada Lovelace') && site('site').get(page).includes('Mary Jackson'));

	say('publish', '--site', 'past', '--as-of', then, '--now', now);
	check('--as-of builds, byte for byte, what was published then', compareTrees(site('past'), october).length === 0, compareTrees(site('past'), october));
	say('publish', '--site', 'site', '--as-of', then, '--now', now);
	check('over a newer site too', compareTrees(site('site'), october).length === 0, compareTrees(site('site'), october));
	const again = say('publish', '--site', 'site', '--as-of', then, '--now', now, '--json').json;
	check('a second time it writes nothing', again.changed === 0 && again.removed === 0, again);
	say('publish', '--site', 'site', '--now', now);
	say('publish', '--site', 'fresh', '--now', now);
	check('the next publish brings the present back, as a fresh build makes it', compareTrees(site('site'), site('fresh')).length === 0,
		compareTrees(site('site'), site('fresh')));

	say('publish', '--site', 'day', '--as-of', '2026-10-20', '--now', now);
	say('publish', '--site', 'end', '--as-of', '2026-10-20T23:59:59', '--now', now);
	check('a date is the end of that day in the club’s zone', compareTrees(site('day'), site('end')).length === 0);
	check('and has the check-ins of the day', site('day').get(page).includes('Ada Lovelace'));
	say('publish', '--site', 'today', '--as-of', '2026-11-20', '--now', now);
	check('today is now', compareTrees(site('today'), site('fresh')).length === 0, compareTrees(site('today'), site('fresh')));

	const before = site('site');
	for (const [wrong, code, says] of [['2026-11-21', 2, 'in the future'], ['2026-11-20T18:31', 2, 'in the future'], ['2026-11-31', 2, 'neither a date'],
		['yesterday', 2, 'neither a date'], ['', 2, 'neither a date'], ['2026-09-30', 1, 'There was no site then']]) {
		const result = turnout(['publish', '--as-of', wrong, '--now', now]);
		check(`--as-of “${wrong}” ends with ${code} and a sentence`, result.code === code && result.err.includes(says), result);
	}
	check('and none of that touched the site', compareTrees(site('site'), before).length === 0);

	const sheet = 'who,day,start,was\nDora Old,2025-03-04,19:00,in\nEmil Old,2025-03-04,19:00,out\nDora Old,2025-04-01,19:00,in\n';
	const result = turnout(['import', 'attendance', '-', ...columns, '--now', now], { input: sheet });
	check('a register of last year is imported', result.code === 0, result);
	say('publish', '--site', 'old', '--as-of', '2025-03-31', '--now', now);
	const runs = [...site('old').keys()].filter((path) => path.startsWith('public/runs/') && path.endsWith('index.html'));
	check('what was entered behind its day counts from that day', runs.join() === 'public/runs/2025-03-04/social-1900/index.html', runs);
});
