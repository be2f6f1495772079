// SPDX-License-Identifier: ISC
// kill.mjs: a publish that is killed at any of its writes, or whose disk fails there: readers see whole files, old or new, and the next
// publish repairs the rest. Writes are counted with strace, which then kills the process at each of them or makes it fail.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, skip } from '../checks.mjs';
import { start as serve } from '../http/lib.mjs';
import { check, copySmallClub, listTree, makeFolder, program, run } from './lib.mjs';

const calls = 'openat,openat2,creat,write,pwrite64,writev,pwritev,rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,rmdir,mkdir,mkdirat,'
	+ 'truncate,ftruncate,fallocate,copy_file_range,sendfile,fsync,fdatasync,utimensat,chmod,fchmod,fchmodat';
const clock = { old: '2026-11-20T18:40', new: '2026-11-20T18:41', next: '2026-11-20T18:42' };

/* A run moves to another day, one is deleted, one is new; one is checked in to. And, later, all of it is taken back. */
const change = 'UPDATE run SET date = \'2026-11-18\' WHERE id = 1; DELETE FROM run WHERE id = 3;'
	+ 'INSERT INTO run (id, session, group_id, place_id, date, start, end, zone, title, slug, opens_min, closes_min, sequence, key, capability, created_at, updated_at) '
	+ 'VALUES (5, \'4A1B2C3D4E\', 2, 1, \'2027-01-05\', \'18:00\', \'19:00\', \'Europe/London\', \'\', \'cafe-1800\', 30, 30, 0, zeroblob(32), \'05CAPABILITY0000000000000E\', 1, 1);'
	+ 'INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) VALUES (2, 2, \'check-in\', \'present\', 1795199850, 1795199850, \'digits\')';
const regret = 'DELETE FROM run WHERE id = 5; UPDATE run SET date = \'2026-11-17\' WHERE id = 1';

/** Run `words`; how it ended. */
function start(words) {
	const child = spawn(words[0], words.slice(1), { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' } });
	let err = '';

	child.stderr.setEncoding('utf8').on('data', (text) => { err += text; });
	return new Promise((done) => child.on('close', (code, signal) => done({ code, signal, err })));
}

/** A club, its site as it was published, and what changed since then: facts may be `old`, `new` or `back`. */
class Stage {
	constructor() {
		this.folder = makeFolder();
		this.site = this.at('site');
		copySmallClub(this.folder);
		this.facts = { old: this.read() };
		for (const [name, sql] of [['new', change], ['back', regret]]) {
			execFileSync('sqlite3', ['-bail', this.at('club.db'), sql]);
			this.facts[name] = this.read();
		}
	}

	at(name) {
		return join(this.folder, name);
	}

	read() {
		return readFileSync(this.at('club.db'));
	}

	/** In place, so that it stays the same database. */
	know(name) {
		writeFileSync(this.at('club.db'), this.facts[name]);
	}

	words(now, site = this.site, ...more) {
		return [program, 'publish', '--quiet', '--db', this.at('club.db'), '--templates', this.at('templates'), '--site', site, '--now', now, ...more];
	}

	async publish(...words) {
		const { code, err } = await start(this.words(...words));
		if (code !== 0)
			throw new Error(err);
	}

	/** The tree that a build from nothing makes. */
	async fresh(now, ...more) {
		rmSync(this.at('fresh'), { recursive: true, force: true });
		await this.publish(now, this.at('fresh'), ...more);
		return listTree(this.at('fresh'));
	}

	/** The site is what it was at clock.old, the facts are new. */
	reset() {
		rmSync(this.site, { recursive: true, force: true });
		cpSync(this.at('before'), this.site, { recursive: true });
		this.know('new');
	}

	async prepare() {
		this.know('old');
		await this.publish(clock.old, this.at('before'));
		this.old = await this.fresh(clock.old);
		this.know('new');
		this.new = await this.fresh(clock.new);
		this.next = await this.fresh(clock.next);
		this.know('back');
		this.back = await this.fresh(clock.next);
		this.server = await serve(this.at('club.db'), this.site);
		return this;
	}

	/** Every write of `words`: { call, when }. */
	async writes(words) {
		await start(['strace', '-f', '--seccomp-bpf', '-o', this.at('trace'), '-e', `trace=${calls}`, ...words]);
		const count = {}, points = [];
		for (const line of readFileSync(this.at('trace'), 'utf8').split('\n')) {
			const call = /^\d+ +(\w+)\(/.exec(line)?.[1];
			count[call] = (count[call] ?? 0) + 1;
			if (call !== undefined && (!call.startsWith('open') || /O_CREAT|O_TRUNC/.test(line)))
				points.push({ call, when: count[call] });
		}
		return points;
	}
}

const name = ({ call, when }) => `${call} ${when}`;
/* By seccomp no other call costs a stop; but then strace injects no signal. */
const inject = (call, what, words) => ['strace', '-f', ...(what.startsWith('error=') ? ['--seccomp-bpf'] : []), '-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${call}:${what}`, ...words];
const differing = (tree, wanted) => [...new Set([...tree.keys(), ...wanted.keys()])].filter((path) => tree.get(path) !== wanted.get(path));

/** Paths of files in `tree` that are as in none of `trees`, and of those that all of these have and it has not. */
function torn(tree, trees) {
	const odd = [...tree].filter(([path, content]) => content !== 'folder' && !trees.some((known) => known.get(path) === content)).map(([path]) => path);

	return [...odd, ...[...trees[0].keys()].filter((path) => !tree.has(path) && trees.every((known) => known.has(path)))];
}

/** Files of `site` that its manifest does not know. It is read from a copy, for reading puts a journal back. */
function strays(stage, tree) {
	for (const end of ['', '-journal']) {
		rmSync(stage.at(`copy.db${end}`), { force: true });
		if (existsSync(join(stage.site, `manifest.db${end}`)))
			cpSync(join(stage.site, `manifest.db${end}`), stage.at(`copy.db${end}`));
	}
	const known = execFileSync('sqlite3', [stage.at('copy.db'), 'SELECT path FROM file UNION SELECT path FROM gone'], { encoding: 'utf8' }).split('\n');
	return [...tree].filter(([path, content]) => content !== 'folder' && !known.includes(path)).map(([path]) => path);
}

/** Pages of a turnoutd at `origin` that are neither old nor new. */
async function unserved(origin, old, fresh) {
	const wrong = [];

	for (const [path, content] of old) {
		if (content === 'folder' || !path.startsWith('public/') || !fresh.has(path))
			continue;
		const answer = await fetch(`${origin}/${path.slice('public/'.length)}`);
		const text = Buffer.from(await answer.arrayBuffer()).toString('latin1');
		if (answer.status !== 200 || (text !== content && text !== fresh.get(path)))
			wrong.push(`${path} is ${answer.status}`);
	}
	return wrong;
}

/** Do `each` for every one of `points` on whichever stage is free; what went wrong. */
async function sweep(stages, points, each) {
	const left = [...points], wrong = [];

	await Promise.all(stages.map(async (stage) => {
		for (let point = left.shift(); point !== undefined; point = left.shift()) {
			stage.reset();
			wrong.push(...(await each(stage, point)).map((what) => `${name(point)}: ${what}`));
		}
	}));
	return wrong;
}

/** The next publish of `site`, and how it then differs from a fresh one. */
async function mend(stage, site, wanted) {
	const { code, err } = await start(stage.words(clock.next, site));
	if (code !== 0)
		return [`the next publish said ${err}`];
	const odd = differing(listTree(site), wanted);
	return odd.length > 0 ? [`after the next publish there is ${odd}`] : [];
}

async function killEach(stages, points) {
	const found = { torn: [], strays: [], served: [], next: [], back: [] };

	await sweep(stages, points, async (stage, point) => {
		const say = (list, what) => list.push(...what.map((one) => `${name(point)}: ${one}`));
		await fetch(`${stage.server.origin}/`);		/* it has the manifest open */
		const { signal } = await start(inject(point.call, `signal=KILL:when=${point.when}`, stage.words(clock.new)));
		const tree = listTree(stage.site);
		say(found.torn, signal === 'SIGKILL' ? torn(tree, [stage.old, stage.new]) : ['was not killed']);
		say(found.strays, strays(stage, tree));
		rmSync(stage.at('twin'), { recursive: true, force: true });
		cpSync(stage.site, stage.at('twin'), { recursive: true });
		say(found.served, await unserved(stage.server.origin, stage.old, stage.new));
		say(found.next, await mend(stage, stage.site, stage.next));
		if (point.call === 'pwrite64')		/* the manifest was in the middle of it */
			say(found.served, await unserved(stage.server.origin, stage.next, stage.next));
		stage.know('back');
		say(found.back, await mend(stage, stage.at('twin'), stage.back));
		return [];
	});
	check(`killed at each of ${points.length} writes, every file of the site is old or new`, points.length > 50 && found.torn.length === 0, found.torn);
	check('none is there that the manifest does not know', found.strays.length === 0, found.strays);
	check('turnoutd goes on to show all of them, at once and after the next publish', found.served.length === 0, found.served);
	check('the next publish makes what a fresh build makes, and leaves nothing else', found.next.length === 0, found.next);
	check('even when what was being published is taken back meanwhile', found.back.length === 0, found.back);
}

/** A call that fails, with all of its kind behind it unless the sentence goes out by it: told, exit code 1, whole files, and the next publish mends it. */
async function failEach(stages, points, error) {
	const said = new Map();
	const wrong = await sweep(stages, points, async (stage, point) => {
		const { code, err } = await start(inject(point.call, `error=${error}:when=${point.when}${error === 'ENOSPC' && point.call !== 'write' ? '+' : ''}`, stage.words(clock.new)));
		const told = err.replaceAll(stage.folder, '');
		said.set(told.replaceAll(/(public|private)\/[^ ]*/g, 'PAGE'), point);
		return [...code !== 1 || !/ then publish again\.\n$/.test(err) ? [`ended with ${code}: ${told}`] : [], ...torn(listTree(stage.site), [stage.old, stage.new]),
			...await mend(stage, stage.site, stage.next)];
	});
	if (process.env.VERBOSE)
		console.log([...said].map(([text, point]) => `    ${name(point)}: ${text}`).join(''));
	check(`${error} at each of ${points.length} calls is told with what to do, leaves files old or new, and is mended`,
		points.length > 30 && wrong.length === 0, wrong);
}

/* ---- any history ---- */

/** Numbers below `n`, always the same ones for a `seed`. */
function makeRandom(seed) {
	let state = seed;

	return (n) => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return Math.floor(state / 4294967296 * n);
	};
}

/** Change something at random: facts, templates or assets. */
function disturb(stage, random) {
	const date = `2026-${11 + random(2)}-${10 + random(20)}`, id = 10 + random(6);
	const file = (path, ...contents) => {
		const content = contents[random(contents.length)];
		return content === '' ? rmSync(stage.at(path), { force: true }) : writeFileSync(stage.at(path), content);
	};
	const sql = (text) => execFileSync('sqlite3', ['-bail', stage.at('club.db'), text]);
	const feed = (path) => `-- @page public ${path}\n-- @query keys\nSELECT id AS key FROM public_run WHERE :since = 0\nUNION SELECT key FROM temp.changed WHERE kind = 'run'\n`
		+ '-- @query page\nSELECT t.key, r.session, r.title AS body FROM temp.touched AS t JOIN public_run AS r ON r.id = t.key\n';

	[
		() => sql(`INSERT OR IGNORE INTO run (id, session, group_id, date, start, zone, title, slug, opens_min, closes_min, sequence, key, capability, created_at, updated_at) `
			+ `VALUES (${id}, '${id}BCDEFGHJ', 1, '${date}', '18:${10 + id}', 'Europe/London', 'Run ${id}', 'tuesday-${id}', 30, 30, 0, zeroblob(32), '${id}CAPABILITY000000000000B', 1, 1)`),
		() => sql(`UPDATE OR IGNORE run SET date = '${date}' WHERE id = ${id}`),
		() => sql(`DELETE FROM run WHERE id = ${id} AND id NOT IN (SELECT run_id FROM event)`),
		() => sql(`INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) SELECT id, 2, 'check-in', 'present', 1795199850, 1795199850, 'digits' FROM run WHERE id = ${id}`),
		() => file('templates/pages/run.html', '<h1>{{title}}</h1>\n', '<h2>{{title}}</h2>\n<p>{{came}}\n'),
		() => file('templates/pages/extra.sql', feed('extra/{session}/index.txt'), feed('more/{session}.txt'), ''),
		() => file('templates/assets/more.css', 'p {}\n', 'b {}\n', ''),
	][random(7)]();
}

/** Publishes that are killed anywhere while facts, templates and options change: each file is one that some build made, and a whole one mends it all. */
async function walk(stage, seed) {
	const random = makeRandom(seed), made = new Map(), wrong = [];
	let now = Date.parse('2026-11-20T19:00Z'), kills = 0, options = [];
	const take = (tree) => tree.forEach((content, path) => made.set(path, (made.get(path) ?? new Set()).add(content)));
	const unmade = (tree) => [...tree].filter(([path, content]) => content !== 'folder' && !made.get(path)?.has(content)).map(([path]) => path);

	stage.reset();
	take(stage.old);
	for (let step = 0; step < 32; step++) {
		disturb(stage, random);
		now += random(4) * 17 * 60000 + (random(5) === 0 ? 86400000 : 0);
		options = random(4) === 0 ? options.length > 0 ? [] : ['--precompress'] : options;
		const wall = new Date(now).toISOString().slice(0, 16);
		const wanted = await stage.fresh(wall, ...options), past = random(6) === 0 ? ['--as-of', '2026-11-18T12:00'] : [];
		take(wanted);
		if (past.length > 0)
			take(await stage.fresh(wall, ...past, ...options));
		const { signal } = await start(inject(['write', 'pwrite64', 'renameat', 'unlinkat'][random(4)], `signal=KILL:when=${1 + random(25)}`,
			stage.words(wall, stage.site, ...options, ...past, ...random(5) === 0 ? ['--full'] : [])));
		kills += signal === 'SIGKILL';
		wrong.push(...unmade(listTree(stage.site)).map((path) => `step ${step}: torn: ${path}`));
		if (random(3) > 0)
			continue;
		await stage.publish(wall, stage.site, ...options);
		wrong.push(...differing(listTree(stage.site), wanted).map((path) => `step ${step}: not mended: ${path}`));
	}
	check(`${kills} kills in a history of changes (seed ${seed}): files are whole, and a publish that ends makes what a fresh build makes`,
		kills > 5 && wrong.length === 0, wrong);
}

/** Several hands at work, killed again and again. */
async function killHands(stage) {
	execFileSync('sqlite3', ['-bail', stage.at('club.db'), 'WITH n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 699) '
		+ 'INSERT INTO run (id, session, group_id, date, start, zone, slug, opens_min, closes_min, sequence, key, capability, created_at, updated_at) '
		+ 'SELECT i, \'X\' || i || \'ABCDEF\', 2, date(\'2025-01-01\', i || \' days\'), \'18:30\', \'Europe/London\', \'x-\' || i, 30, 30, 0, zeroblob(32), i || \'CAPABILITY00000000000\', 1, 1 FROM n']);
	const wanted = await stage.fresh(clock.next), wrong = [];
	let kills = 0;

	rmSync(stage.site, { recursive: true, force: true });
	for (const when of [1, 70, 300, 500, 650]) {
		const { signal } = await start(inject('renameat', `signal=KILL:when=${when}`, stage.words(clock.next)));
		const tree = listTree(stage.site);
		kills += signal === 'SIGKILL';
		wrong.push(...[...tree].filter(([path, content]) => wanted.get(path) !== content).map(([path]) => path), ...strays(stage, tree));
	}
	await stage.publish(clock.next);
	wrong.push(...differing(listTree(stage.site), wanted));
	check(`a first build by several hands, killed ${kills} times, is whole and comes to its end`, kills >= 3 && wrong.length === 0, [kills, wrong]);
}

await run(async () => {
	if (spawnSync('strace', ['-o', '/dev/null', 'true']).status !== 0) {
		skip('a publish killed at every write', 'strace may not trace here');
		return;
	}
	const stages = await Promise.all([new Stage().prepare(), new Stage().prepare()]);
	stages[0].reset();
	const points = await stages[0].writes(stages[0].words(clock.new));
	if (/-san$/.test(build))
		skip('a kill at each write', 'sanitizers see nothing of what a killed process did, and change no write');
	else
		await killEach(stages, points);
	await failEach(stages, points, 'EIO');
	await failEach(stages, points.filter(({ call }) => /^(openat|mkdirat|write|pwrite64)$/.test(call)), 'ENOSPC');
	await Promise.all(stages.map((stage, i) => walk(stage, 11 + i)));
	await killHands(stages[0]);
});
