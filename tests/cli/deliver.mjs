// SPDX-License-Identifier: ISC
// deliver.mjs: --to: changes are passed on to a folder, by rsync or to a command; nothing is lost, and nothing has to wait.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atEnd, build } from '../checks.mjs';
import { caller, check, makeFolder, program, root, run } from './lib.mjs';

const kept = 'What was not sent is kept and goes with the next publish.';

/** Wait until `holds()`; false when it does not within 30 s. */
async function until(holds) {
	for (const end = Date.now() + 30000; Date.now() < end; await new Promise((done) => setTimeout(done, 20)))
		if (holds())
			return true;
	return false;
}

/** Every file below `folder`, sorted, relative to it. */
const listFiles = (folder) => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
	.map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1)).sort();

/** Has one list all that another has? The clock may have changed a page more in between. */
const hasAll = (list, other) => ['changed', 'removed'].every((kind) => other[kind].every((path) => list[kind].includes(path)));

/** What a command was told, as {changed, removed}, each sorted. */
function readList(path) {
	const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter((line) => line !== '') : [];
	const of = (word) => lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1)).sort();
	return { changed: of('changed'), removed: of('removed'), odd: lines.filter((line) => !/^(changed|removed) [^ ]+$/.test(line)) };
}

/** What a dry run says of public files, in the same form. */
function foresee(turnout) {
	const lines = turnout(['publish', '--dry-run']).out.split('\n').filter((line) => / public\//.test(line));
	const of = (pattern) => lines.filter((line) => pattern.test(line)).map((line) => line.split(' public/')[1]).sort();
	return { changed: of(/^(added|changed) /), removed: of(/^removed /), odd: [] };
}

const isEqual = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const differ = (one, other) => spawnSync('diff', ['-r', one, other], { encoding: 'utf8' }).stdout;

/** A club with some runs and people in a folder of its own: how to call turnout there, and where things are. */
function makePlace() {
	const folder = makeFolder(), at = (name) => join(folder, name), call = caller(folder);
	const turnout = (words, options) => {
		const result = call(words, options);
		if (!['publish', 'watch'].includes(words[0]) && result.code !== 0)
			throw new Error(result.err);
		return result;
	};
	cpSync(join(root, 'templates'), at('templates'), { recursive: true });
	turnout(['init', '--name', 'Test Club', '--zone', 'Europe/London']);
	turnout(['set', 'visibility', 'name']);
	turnout(['group', 'add', 'Hills']);
	turnout(['calendar', 'add', '--group', 'Hills', '--date', '2026-01-10', '--start', '10:00', '--end', '11:00']);
	turnout(['calendar', 'add', '--group', 'Hills', '--date', '2026-01-17', '--start', '10:00', '--end', '11:00']);
	writeFileSync(at('register.csv'), 'name,date,start,end\nAda Lovelace,2026-01-10,10:00,11:00\nGrace Hopper,2026-01-10,10:00,11:00\n');
	turnout(['import', 'attendance', 'register.csv', '--person', 'name', '--group-name', 'Hills', '--date', 'date', '--start', 'start', '--end', 'end']);
	return { folder, at, turnout, publish: (to, options) => turnout(['publish', ...(to === undefined ? [] : ['--to', to])], options) };
}

function checkFolder() {
	const { at, turnout, publish } = makePlace();

	mkdirSync(at('www'));
	writeFileSync(at('www/stranger.txt'), 'mine');
	mkdirSync(at('www/theirs'));
	chmodSync(at('www'), 0o700);
	let result = publish('www');
	check('publish --to FOLDER ends with 0 and says how much went', result.code === 0 && /^handed over to www: \d+ paths$/m.test(result.err), result);
	const strangers = differ(at('site/public'), at('www'));
	check('the folder is the public site and nothing else was touched there', strangers.split('\n').sort().join('|') === `|Only in ${at('www')}: stranger.txt|Only in ${at('www')}: theirs`
		&& readFileSync(at('www/stranger.txt'), 'utf8') === 'mine' && (statSync(at('www')).mode & 0o777) === 0o700, strangers);
	check('readers may read it', listFiles(at('www')).filter((path) => path !== 'stranger.txt').every((path) => (statSync(at(`www/${path}`)).mode & 0o777) === 0o644)
		&& (statSync(at('www/assets')).mode & 0o777) === 0o755);
	const stamp = statSync(at('www/index.html')).mtimeMs;
	check('it keeps the times that validators are made of', stamp === statSync(at('site/public/index.html')).mtimeMs, stamp);

	turnout(['calendar', 'add', '--group', 'Hills', '--date', '2026-03-14', '--start', '10:00', '--end', '11:00']);
	turnout(['calendar', 'move', '2026-01-17', '--date', '2026-01-24']);
	const expected = foresee(turnout), folders = expected.removed.filter((path) => path.includes('/')).map((path) => path.slice(0, path.lastIndexOf('/')));
	check('a run more and one that moved are changes and removals', expected.changed.length > 2 && expected.removed.length > 0 && folders.length > 0, expected);
	const untouched = statSync(at('www/assets')).ctimeMs;
	result = publish('www');
	check('exactly these go', result.code === 0 && result.err.includes(`www: ${expected.changed.length + expected.removed.length} paths`), [result, expected]);
	check('and the folder is the public site again, its empty folders gone', differ(at('site/public'), at('www')) === strangers, differ(at('site/public'), at('www')));
	check('what did not change was not looked at', statSync(at('www/assets')).ctimeMs === untouched);

	turnout(['calendar', 'move', '2026-01-24', '--date', '2026-01-17']);
	publish('www');
	writeFileSync(at(`www/${expected.removed[0]}.theirs`), 'mine');
	turnout(['calendar', 'move', '2026-01-17', '--date', '2026-01-24']);
	result = publish('www');
	check('a folder in which somebody else has something stays, with that alone', result.code === 0 && existsSync(at(`www/${expected.removed[0]}.theirs`))
		&& !existsSync(at(`www/${expected.removed[0]}`)), result);
	result = publish('new/');
	check('a name with a slash behind it is made', result.code === 0 && differ(at('site/public'), at('new')) === '' && (statSync(at('new')).mode & 0o777) === 0o755, result);
	turnout(['group', 'add', 'Later']);
	check('nothing of private/ ever goes', !listFiles(at('www')).some((path) => path.includes('private')) && publish('new/').code === 0
		&& differ(at('site/public'), at('new')) === '');
	publish('www');
	rmSync(at(`www/${expected.removed[0]}.theirs`));
	spawnSync('find', [at('www'), '-type', 'd', '-empty', '-not', '-name', 'theirs', '-delete']);
	check('targets named in turn each get what they missed', differ(at('site/public'), at('www')) === strangers, differ(at('site/public'), at('www')));
	for (const inside of ['site/public', 'site/', './site/private/x/']) {
		result = publish(inside);
		check(`--to ${inside} ends with 2 and a sentence`, result.code === 2 && result.err.includes('Nothing was published.'), result);
	}
}

function checkCommand() {
	const { at, turnout, publish } = makePlace();
	const command = 'cat > list; echo "$TURNOUT_PUBLIC" > where; echo a; echo "no such bucket"; test ! -e broken';

	let result = turnout(['publish', '--dry-run', '--to', command]);
	check('a dry run hands nothing over and remembers nothing', result.code === 0 && !existsSync(at('list')) && !existsSync(at('site/outbox.db')), result);
	result = publish(command);
	let list = readList(at('list'));
	check('a command reads every public path on first sight', result.code === 0 && isEqual(list, { changed: listFiles(at('site/public')), removed: [], odd: [] }), [result, list]);
	check('TURNOUT_PUBLIC names the folder', readFileSync(at('where'), 'utf8') === `${at('site/public')}\n`);
	check('what is owed is for its owner alone', (statSync(at('site/outbox.db')).mode & 0o777) === 0o600);
	unlinkSync(at('list'));
	result = publish(command);
	check('when nothing changed it is not run', result.code === 0 && result.err.includes(': 0 paths') && !existsSync(at('list')), result);

	turnout(['calendar', 'add', '--group', 'Hills', '--date', '2026-03-14', '--start', '10:00', '--end', '11:00']);
	turnout(['calendar', 'move', '2026-01-17', '--date', '2026-01-24']);
	const first = foresee(turnout);
	writeFileSync(at('broken'), '');
	result = publish(command);
	check('a command that fails: exit 1, its last line, its exit status, and what becomes of it', result.code === 1
		&& result.err.includes('The site is published here; handing it to cat') && result.err.includes('failed: no such bucket (exit 1).')
		&& result.err.includes(kept) && result.err.split('\n').filter((line) => line !== '').length === 1, result);
	check('it was told exactly what a dry run foresees', isEqual(readList(at('list')), first), [readList(at('list')), first]);
	check('the site is published all the same', first.changed.every((path) => existsSync(at(`site/public/${path}`)))
		&& first.removed.every((path) => !existsSync(at(`site/public/${path}`))));
	turnout(['calendar', 'add', '--group', 'Hills', '--date', '2026-06-14', '--start', '10:00', '--end', '11:00']);
	const second = foresee(turnout);
	result = publish(undefined);
	check('a publish without --to says nothing of it', result.code === 0 && result.err === '', result);
	unlinkSync(at('broken'));
	result = publish(command);
	list = readList(at('list'));
	const both = [...new Set([...first.changed, ...second.changed])].sort();
	check('the next one tells what is owed and what is new, of every publish since', result.code === 0 && second.changed.length > 2
		&& isEqual(list, { changed: both, removed: first.removed, odd: [] }), [list, both, first.removed]);
	unlinkSync(at('list'));
	result = publish(`${command}; true`);
	check('another target is told everything', result.code === 0 && isEqual(readList(at('list')), { changed: listFiles(at('site/public')), removed: [], odd: [] }), result);
	rmSync(at('site/outbox.db'));
	result = publish(command);
	check('without its memory it tells everything again', result.code === 0 && readList(at('list')).changed.length === listFiles(at('site/public')).length, result);
	result = publish('/no/such/folder');
	check('a folder that is not there is a command that is not there, with a hint', result.code === 1 && result.err.includes('(exit 127)') && result.err.includes('a slash behind its name'), result);
	result = publish('');
	check('an empty target ends with 2', result.code === 2 && result.err.includes('Nothing was published.'), result);
}

/* Killed while it writes, while it removes, while it hands over. */
function checkKills() {
	const { folder, at, turnout, publish } = makePlace();
	const kill = (call, when) => spawnSync('strace', ['-f', '-qq', '-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${call}:signal=KILL:when=${when}`,
		program, 'publish'], { cwd: folder, encoding: 'utf8' });

	publish('www/');
	let day = 17;
	for (const [call, when] of [['renameat', 1], ['renameat', 4], ['unlinkat', 1]]) {
		turnout(['calendar', 'move', `2026-01-${day}`, '--date', `2026-01-${++day}`]);
		turnout(['calendar', 'add', '--group', 'Hills', '--date', `2026-02-${day}`, '--start', '10:00', '--end', '11:00']);
		const foreseen = foresee(turnout), killed = kill(call, when);
		check(`a publish was killed at ${call} ${when}`, killed.status === null || killed.status > 128, [killed.status, killed.signal, killed.stderr]);
		const result = publish('www/');
		check('the next one hands over all that it wrote or removed, and the rest', result.code === 0 && foreseen.removed.length > 0
			&& differ(at('site/public'), at('www')) === '', [result, differ(at('site/public'), at('www'))]);
	}
	const command = 'cat > list; test -e fine || kill -KILL $PPID';
	turnout(['calendar', 'add', '--group', 'Hills', '--date', '2026-08-08', '--start', '10:00', '--end', '11:00']);
	const killed = publish(command);
	check('a publish was killed while it handed over', killed.code === null, killed);
	writeFileSync(at('fine'), '');
	const result = publish(command);
	check('the next one hands over the same', result.code === 0 && readList(at('list')).changed.length === listFiles(at('site/public')).length, result);
}

/* rsync as over ssh: a script stands for the shell on another machine. */
function checkRemote() {
	const { at, turnout, publish } = makePlace();
	const shell = at('shell');

	mkdirSync(at('home'));
	writeFileSync(shell, `#!/bin/sh\necho "$*" >> ${at('told')}\n[ "$1" = -l ] && shift 2\n`
		+ `[ "$1" = www.test ] || { echo "no route to $1" >&2; exit 255; }\nshift\ncd ${at('home')} && exec sh -c "$*"\n`);
	chmodSync(shell, 0o755);
	const options = { env: { RSYNC_RSH: shell } };
	let result = publish('rsync:www.test:club', options);
	check('rsync:HOST:PATH gets the public site', result.code === 0 && differ(at('site/public'), at('home/club')) === '', [result, differ(at('site/public'), at('home/club'))]);
	writeFileSync(at('home/club/stranger'), 'mine');
	turnout(['calendar', 'move', '2026-01-17', '--date', '2026-01-24']);
	result = publish('rsync:www.test:club', options);
	check('and then what changed and went', result.code === 0 && differ(at('site/public'), at('home/club')) === `Only in ${at('home/club')}: stranger\n`,
		[result, differ(at('site/public'), at('home/club'))]);
	result = publish('rsync:me@www.test:other', options);
	check('USER@HOST names the user', result.code === 0 && differ(at('site/public'), at('home/other')) === '' && readFileSync(at('told'), 'utf8').includes('-l me www.test'), result);
	mkdirSync(at('home/module'));
	writeFileSync(at('rsyncd.conf'), `use chroot = no\nuid = ${process.getuid()}\ngid = ${process.getgid()}\n[module]\npath = ${at('home/module')}\nread only = no\n`);
	result = publish('rsync://www.test/module', { env: { RSYNC_CONNECT_PROG: `rsync --config=${at('rsyncd.conf')} --daemon` } });
	check('rsync://HOST/MODULE gets the public site', result.code === 0 && differ(at('site/public'), at('home/module')) === '', [result, differ(at('site/public'), at('home/module'))]);
	result = publish('rsync:elsewhere.test:club', options);
	check('a host that cannot be reached: exit 1, and what its shell said', result.code === 1 && /failed: no route to elsewhere\.test \(exit \d+\)\./.test(result.err)
		&& result.err.includes(kept), result);
	unlinkSync(at('told'));
	for (const bad of ['rsync:-oProxyCommand=x:p', 'rsync:me@-oProxyCommand=x:p', 'rsync:www.test', 'rsync:']) {
		result = publish(bad, options);
		check(`--to ${bad} ends with 2 and starts nothing`, result.code === 2 && !existsSync(at('told')), result);
	}
	result = publish('www/', { env: { PATH: at('home') } });
	check('without rsync: exit 1 and a sentence', result.code === 1 && result.err.includes('rsync cannot be run. Is it installed? (exit 127).'), result);
}

/** A running `turnout watch --to`, or another program: what it says, and how to stop it. */
function start(path, words, cwd) {
	const child = spawn(path, words, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
	const watch = { child, err: '', ended: new Promise((done) => child.on('exit', (code, signal) => done({ code, signal }))) };
	child.stderr.setEncoding('utf8').on('data', (piece) => { watch.err += piece; });
	watch.stop = (signal = 'SIGTERM') => {
		child.kill(signal);
		return watch.ended;
	};
	atEnd(() => watch.stop('SIGKILL'));
	return watch;
}

async function checkWatch() {
	const { folder, at, turnout } = makePlace();
	const page = (date) => at(`site/public/runs/${date}`);
	const add = (date) => turnout(['calendar', 'add', '--group', 'Hills', '--date', date, '--start', '10:00', '--end', '11:00']);
	const lists = () => listFiles(at('lists')).length;

	// Each run of the command notes when it began and what it read, and lasts until there is a file "go".
	mkdirSync(at('lists'));
	const command = 'n=$(ls lists | wc -l); date +%s%3N >> starts; cat > lists/$n; while ! test -e go; do sleep .02; done; test ! -e broken; code=$?; echo >> ends; exit $code';
	let watch = start(program, ['watch', '--to', command], folder);
	check('watch begins with what is owed', await until(() => lists() === 1), watch.err);
	for (const date of ['2026-02-07', '2026-02-14']) {
		add(date);
		check(`while a command hangs, the run of ${date} is published`, await until(() => existsSync(page(date))), watch.err);
	}
	check('and the command is still the first one', lists() === 1 && !existsSync(at('go')), lists());
	writeFileSync(at('go'), '');
	check('once it has ended, the next is told what came since', await until(() => lists() === 2 && readList(at('lists/1')).changed.length > 0), watch.err);
	const second = readList(at('lists/1')).changed;
	check('exactly that', ['2026-02-07', '2026-02-14'].every((date) => second.some((path) => path.includes(date))) && !second.some((path) => path.includes('assets/')), second);
	check('which ends', await until(() => readFileSync(at('ends'), 'utf8').length === 2), watch.err);
	writeFileSync(at('broken'), '');
	add('2026-02-28');
	check('a failure is one line, with when it is tried again', await until(() => watch.err.includes('turnout: Handing over to ')) &&
		/^turnout: Handing over to n=.* failed: It ended with exit 1, without a word\. It will be tried again in 5 s\.$/m.test(watch.err), watch.err);
	add('2026-03-07');
	check('publishing goes on', await until(() => existsSync(page('2026-03-07'))), watch.err);
	unlinkSync(at('broken'));
	check('the next try says that it works again', await until(() => /^Handing over to n=.* works again; \d+ paths went\.$/m.test(watch.err)), watch.err);
	const starts = readFileSync(at('starts'), 'utf8').trim().split('\n').map(Number);
	check('seconds lie between two of them', starts.length === 4 && starts.every((time, i) => i === 0 || time - starts[i - 1] > 4000), starts);
	const last = readList(at(`lists/${lists() - 1}`)).changed;
	check('and had both', ['2026-02-28', '2026-03-07'].every((date) => last.some((path) => path.includes(date))), last);

	unlinkSync(at('go'));
	add('2026-03-14');
	const before = lists();
	check('one more hangs', await until(() => lists() === before + 1), watch.err);
	check('SIGTERM ends the watch all the same', (await watch.stop()).code === 0, watch.err);
	watch = start(program, ['watch', '--to', command], folder);
	check('the next watch tells what that one did not take', await until(() => lists() === before + 2)
		&& await until(() => hasAll(readList(at(`lists/${before + 1}`)), readList(at(`lists/${before}`)))), watch.err);
	await watch.stop();
	const refused = start(program, ['watch', '--to', 'site/public'], folder);
	check('watch refuses what publish refuses', (await refused.ended).code === 2 && refused.err.includes('Nothing was published.'), refused.err);
}

async function checkServer() {
	const { folder, at, turnout } = makePlace();
	const server = start(join(build, 'turnoutd'), ['--listen', '127.0.0.1:0', '--to', 'www/'], folder);

	check('turnoutd --to hands over what its watch publishes', await until(() => existsSync(at('www/index.html')) && existsSync(at('site/public/index.html'))), server.err);
	turnout(['group', 'add', 'Later']);
	check('and what changes', await until(() => listFiles(at('www')).some((path) => path.includes('later'))), server.err);
	check('it ends as ever', (await server.stop()).code === 0, server.err);
}

await run(async () => {
	checkFolder();
	checkCommand();
	checkKills();
	checkRemote();
	await checkWatch();
	await checkServer();
});
