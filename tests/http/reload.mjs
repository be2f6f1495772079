// SPDX-License-Identifier: ISC
// reload.mjs: `turnout watch --serve`: pages reload themselves during work on templates, and no published file shows a trace of that.
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { atEnd, root } from '../checks.mjs';
import { ask, build, check, makeClub, makeFolder, makeRun, run, start, turnout } from './lib.mjs';

const script = /<script type="module" src="\/reload\.js" data-number="(\d+)"><\/script>\n/g;

/** Wait until `holds()`; false when it does not within 20 s. */
async function until(holds) {
	for (const end = Date.now() + 20000; Date.now() < end; await new Promise((done) => setTimeout(done, 20)))
		if (await holds())
			return true;
	return false;
}

const isRunning = (pid) => {
	try {
		return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
	} catch {
		return false;
	}
};

/** Start `turnout watch --serve`: its process, port, what it says, its child's pid, and how it ended. */
async function serve(...words) {
	const child = spawn(join(build, 'turnout'), ['watch', '--serve', '--listen', '127.0.0.1:0', ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
	const watch = { child, out: '', err: '', ended: new Promise((done) => child.on('exit', (code, signal) => done({ code, signal }))) };
	child.stdout.setEncoding('utf8').on('data', (piece) => { watch.out += piece; });
	child.stderr.setEncoding('utf8').on('data', (piece) => { watch.err += piece; });
	atEnd(() => {
		child.kill('SIGKILL');
		return watch.ended;
	});
	await until(() => watch.out.includes('\n') || child.exitCode !== null);
	watch.port = Number(/^listening on http:\/\/127\.0\.0\.1:(\d+)\n$/.exec(watch.out)?.[1]);
	watch.server = Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim());
	return watch;
}

await run(async () => {
	const folder = makeFolder(), db = makeClub(folder), site = join(folder, 'site'), templates = join(folder, 'templates');
	const open = makeRun(db, 'Open Group', -5, 60);
	cpSync(join(root, 'templates'), templates, { recursive: true });
	const page = join(templates, 'pages/home.html'), whole = readFileSync(page, 'utf8');
	const words = ['--db', db, '--site', site, '--templates', templates];

	const plain = await start(db, site);
	turnout('publish', ...words);
	for (const path of ['/reload.js', '/reload.json'])
		check(`without --reload ${path} is 404`, (await ask(plain.port, 'GET', path)).status === 404);
	const bare = await ask(plain.port, 'GET', '/');
	check('without --reload a page has no script of ours', !bare.body.includes('reload.js'));
	await plain.stop();

	let watch = await serve(...words);
	const get = (path, headers) => ask(watch.port, 'GET', path, headers);
	const news = async () => JSON.parse((await get('/reload.json')).body);
	const home = async () => (await get('/')).body;
	check('turnout watch --serve prints the address', watch.port > 0, [watch.out, watch.err]);
	turnout('group', 'add', 'First Sign', '--db', db);
	check('and it publishes', await until(async () => (await get('/groups/')).body.includes('First Sign')), watch.err);
	check('the file that pages poll lies beside what is published, for its owner alone', existsSync(join(site, 'reload.json')) &&
		(statSync(join(site, 'reload.json')).mode & 0o777) === 0o600);

	const screen = new URL(open.screen).pathname;
	for (const [path, name, status] of [['/', 'public/index.html', 200], [screen, `private${screen}index.html`, 200], ['/no/such', 'public/404.html', 404]]) {
		const answer = await get(path), what = path.replace(screen, '/screen/…/'), found = [...answer.body.matchAll(script)];
		check(`${what} has one script, in its head`, answer.status === status && found.length === 1 && answer.body.indexOf('</head>') > found[0]?.index, answer.text);
		check(`the file of ${what} is what is sent, without it`, await until(async () => (await get(path)).body.replace(script, '') === readFileSync(join(site, name), 'latin1')));
		check(`the length of ${what} is right`, Number(answer.headers['content-length'][0]) === answer.body.length, answer.headers);
	}
	let first, etag, known, packed, head;
	await until(async () => {		// between two publishes
		first = await get('/');
		etag = first.headers.etag[0];
		known = await get('/', { 'If-None-Match': etag });
		packed = await get('/', { 'Accept-Encoding': 'gzip' });
		head = await ask(watch.port, 'HEAD', '/');
		return (await get('/')).headers.etag[0] === etag;
	});
	check('the ETag is that of the page as it is sent', etag !== bare.headers.etag[0] && known.status === 304, [etag, known.status]);
	check('packed it is the same', gunzipSync(Buffer.from(packed.body, 'latin1')).toString('latin1') === first.body &&
		packed.headers.etag[0] === `${etag.slice(0, -1)}-gz"`, packed.headers);
	check('HEAD tells of the same', head.headers.etag[0] === etag && head.body === '', head.headers);
	check('what is no page is as it was', (await get('/assets/style.css')).body === readFileSync(join(site, 'public/assets/style.css'), 'latin1') &&
		!(await get('/calendar.ics')).body.includes('reload'));
	const code = await get('/reload.js');
	check('the script is JavaScript, and allowed by the policy of the pages', code.status === 200 && code.headers['content-type'][0].startsWith('text/javascript') &&
		/script-src 'self'/.test(first.headers['content-security-policy'][0]) && /connect-src 'self'/.test(first.headers['content-security-policy'][0]), code.text);
	check('what it polls is never kept, and fills no log', (await get('/reload.json')).headers['cache-control'][0] === 'no-store' && !watch.err.includes('path=/reload.js'));

	let before = await news();
	check('the page knows the number that the file has', await until(async () => [...(await home()).matchAll(script)][0][1] === String((await news()).number)), before);
	const moves = async (sentence, holds) => {
		const is = await until(async () => await holds() && (await news()).number > before.number);
		check(sentence, is, [before, await news(), watch.err.slice(-500)]);
		before = await news();
	};
	const write = (text) => writeFileSync(page, whole.replace('</h1>', ` ${text}</h1>`));
	const shows = (text) => async () => (await home()).includes(` ${text}</h1>`);
	write('edited');
	await moves('an edited page is shown, and the number moves on', shows('edited'));
	appendFileSync(join(templates, 'assets/style.css'), '\n.edited { color: red; }\n');
	await moves('so it does for the style sheet', async () => (await get('/assets/style.css')).body.includes('.edited'));
	turnout('calendar', 'cancel', open.date, '--db', db);
	await moves('and for a fact', async () => (await get('/calendar.ics')).body.includes('CANCELLED'));

	writeFileSync(page, whole.replace('{{/main}}', ''));
	check('what is wrong with a template is told, with file and line', await until(async () => /home\.html:\d+/.test((await news()).error)), [await news(), watch.err.slice(-500)]);
	check('the page is shown as it was', await shows('edited')());
	turnout('group', 'add', 'Meanwhile', '--db', db);
	await moves('facts are still published', async () => (await get('/groups/')).body.includes('Meanwhile'));
	check('and what is wrong is still told', before.error !== '', before);
	write('edited');
	check('put right, nothing is wrong any more', await until(async () => (await news()).error === ''), await news());

	// A checkout replaces whole folders.
	cpSync(join(templates, 'pages'), join(folder, 'pages'), { recursive: true });
	renameSync(join(templates, 'pages'), join(folder, 'old'));
	renameSync(join(folder, 'pages'), join(templates, 'pages'));
	write('in a folder moved there');
	await moves('a folder that another one took the place of is followed', shows('in a folder moved there'));
	write('again');
	await moves('from then on, too', shows('again'));
	cpSync(join(templates, 'pages'), join(folder, 'pages'), { recursive: true });
	rmSync(join(templates, 'pages'), { recursive: true });
	check('a folder that is gone is told', await until(async () => (await news()).error !== ''), await news());
	check('and readers keep their pages', (await home()).includes(' again</h1>'));
	cpSync(join(folder, 'pages'), join(templates, 'pages'), { recursive: true });
	check('a folder that was made anew is read', await until(async () => (await news()).error === ''), await news());
	write('in a new folder');
	await moves('and followed', shows('in a new folder'));
	renameSync(templates, join(folder, 'away'));
	check('templates that are gone are told', await until(async () => (await news()).error !== ''), await news());
	renameSync(join(folder, 'away'), templates);
	check('they are looked for until they are back', await until(async () => (await news()).error === ''), await news());
	write('home again');
	await moves('and followed', shows('home again'));
	rmSync(join(templates, 'assets'), { recursive: true });
	mkdirSync(join(templates, 'assets'));
	cpSync(join(root, 'templates/assets'), join(templates, 'assets'), { recursive: true });
	await until(async () => !(await get('/assets/style.css')).body.includes('.edited'));
	before = await news();
	writeFileSync(join(templates, 'assets/later.css'), '.later { color: blue; }\n');
	await moves('a folder of assets that appears later is followed', async () => (await get('/assets/later.css')).status === 200);

	const files = readdirSync(site, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name !== 'reload.json');
	check('no file of the site has a trace of it', files.length > 30 && !files.some((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name), 'latin1').includes('reload.js')));

	const second = spawnSync(join(build, 'turnout'), ['watch', '--serve', '--listen', '127.0.0.1:0', ...words], { encoding: 'utf8', timeout: 20000 });
	check('a second one on the same database ends with 4 and says why', second.status === 4 && second.stderr.includes('Another turnoutd') &&
		second.stderr.includes('Nothing is served.'), [second.status, second.stderr]);
	check('and leaves the file of the first', existsSync(join(site, 'reload.json')));
	watch.child.kill('SIGTERM');
	check('a signal ends both', (await watch.ended).code === 0 && await until(() => !isRunning(watch.server)), [await watch.ended, watch.server]);
	check('the server was ended in order', watch.err.includes('event=end exit=0') && !watch.err.includes('stop_forced'), watch.err.slice(-500));
	check('and the file is gone', !existsSync(join(site, 'reload.json')));

	watch = await serve(...words);
	check('started again, the number is another one', await until(async () => (await news()).number !== before.number), before);
	process.kill(watch.server, 'SIGKILL');
	check('a server that dies is said, and ends the watch with 1', (await watch.ended).code === 1 && watch.err.includes('turnoutd has ended (signal 9)'), watch.err.slice(-500));
	watch = await serve(...words);
	watch.child.kill('SIGKILL');
	check('a watch that was killed leaves no server behind', await until(() => !isRunning(watch.server)), watch.server);

	const alone = spawnSync(join(build, 'turnout'), ['watch', '--listen', '127.0.0.1:0', ...words], { encoding: 'utf8', timeout: 20000 });
	check('--listen without --serve ends with 2', alone.status === 2 && alone.stderr.includes('Nothing was started.'), [alone.status, alone.stderr]);
});
