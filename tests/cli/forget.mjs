// SPDX-License-Identifier: ISC
// forget.mjs: person forget removes a person from the database and, at the next publish, from the site; counts stay.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { caller, check, compareTrees, makeFolder, readTree, run } from './lib.mjs';

const now = '2026-11-20T12:00';
const folder = makeFolder();
const turnout = caller(folder);
const call = (...words) => turnout([...words, '--now', now]);
const register = 'who,day,start\nAda Lovelace,2026-11-17,18:30\nGrace Hopper,2026-11-17,18:30\nAda Lovelace,2026-11-10,18:30\n';
const columns = ['--person', 'who', '--group-name', 'Social', '--date', 'day', '--start', 'start'];

/** Files below site/ that hold `text`. */
const holding = (text) => [...readTree(join(folder, 'site'))].filter(([, content]) => content.includes(text)).map(([path]) => path);
const inDatabase = (text) => readFileSync(join(folder, 'db/turnout.db')).toString('latin1').toLowerCase().includes(text);

run(() => {
	call('init', '--name', 'Test Club', '--zone', 'Europe/London');
	call('set', 'visibility', 'name');
	turnout(['import', 'attendance', '-', ...columns, '--now', now], { input: register });
	call('person', 'set', 'Ada Lovelace', '--nickname', 'Countess', '--group', 'Social', '--page', 'public');
	const page = call('person', 'link', 'Ada Lovelace').out.trim().split('/').at(-2);
	call('backup', 'before.db');
	call('publish');
	check('before, the site names her', holding('Ada Lovelace').length > 1, holding('Ada Lovelace'));

	const before = readFileSync(join(folder, 'db/turnout.db'));
	let result = call('person', 'forget', 'ada  lovelace', '--dry-run');
	check('--dry-run says what would go and what would stay', result.code === 0 && /be removed: “Ada Lovelace”.*lists: 1\n.*records: 2.*counted: 2\n$/s.test(result.out), result);
	result = call('person', 'forget', 'Ada Lovelace');
	check('without a terminal and --yes it ends with 2', result.code === 2 && result.err.includes('Add --yes'), result);
	result = call('person', 'forget', 'Nobody Here', '--yes');
	check('somebody unknown ends with 1', result.code === 1 && result.err.includes('Nobody Here'), result);
	check('none of that changed anything', before.equals(readFileSync(join(folder, 'db/turnout.db'))));

	call('host', 'add', 'Ada Lovelace');
	result = call('person', 'forget', 'Ada Lovelace', '--yes');
	check('with --yes she is forgotten, and backups and the host are spoken of', result.code === 0 && /has been forgotten; .*Backups .*host of that name stays/.test(result.err), result);
	check('she is in no list and in no register', !call('person', 'list').out.includes('Ada') && !call('export').out.includes('Ada'));
	check('what was counted stays', call('status', '--json').json.present === 3 && call('export', '--format', 'json').json === undefined
		&& JSON.parse(call('export', '--format', 'json').out).filter((line) => line.person === 'Someone').length === 2);
	call('publish');
	check('the next publish names her nowhere', ['Ada Lovelace', 'Lovelace', 'Countess', 'A. L.', page].every((text) => holding(text).length === 0),
		holding('Lovelace'));
	check('nor shows what she is called now', holding('Someone').length === 0, holding('Someone'));
	const year = JSON.parse(readFileSync(join(folder, 'site/public/history/2026.json')));
	check('it counts her', year.runs.map((each) => each.present).join() === '1,2', year.runs);
	call('publish', '--site', 'fresh');
	const [site, fresh] = ['site', 'fresh'].map((name) => readTree(join(folder, name)));
	check('and is what a fresh build makes', compareTrees(site, fresh).filter((path) => path.includes('/')).length === 0, compareTrees(site, fresh));
	call('person', 'forget', 'Grace Hopper', '--yes');
	check('no byte of a name is left in the database', !inDatabase('grace') && !inDatabase('hopper') && !inDatabase('countess'));
	check('the backup made before still has them, as was said', readFileSync(join(folder, 'before.db')).includes('Countess'));
	turnout(['import', 'attendance', '-', ...columns, '--now', now], { input: 'who,day,start\nAda Lovelace,2026-11-18,18:30\n' });
	check('the same name later is a new person', call('person', 'list', '--json').json.find((each) => each.name === 'Ada Lovelace').came === 1);
});
