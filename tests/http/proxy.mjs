// SPDX-License-Identifier: ISC
/*
 * proxy.mjs: deploy/nginx.conf and deploy/Caddyfile as they are, in front of a real turnoutd and a published site. Only addresses,
 * ports and paths are put in. What is slow, too long or smuggled ends at the proxy or with one refusal, and others are served meanwhile.
 * To be run apart: that others are served within two seconds is measured.
 */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import { atEnd, root, skip } from '../checks.mjs';
import { check, makeClub, makeFolder, makeRun, raw, run, start, turnout } from './lib.mjs';
import { answersIn, fits, neighbours, spellings, traps } from './traps.mjs';

const host = 'runs.example';
const proxies = [];
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/**
 * A port that was free a moment ago, as neither server can say which one the system picked: one below those that Linux gives to who
 * asks for any, so that no suite beside this one is given it meanwhile.
 */
const freePort = () => new Promise((found) => {
	const server = net.createServer(), draw = () => server.listen(20000 + Math.floor(Math.random() * 10000), '127.0.0.1');
	server.on('error', draw).on('listening', () => {
		const { port } = server.address();
		server.close(() => found(port));
	});
	draw();
});

/** `text` with each `[old, new]` put in; what is not there, or twice where it should be once, is a fault of this test. */
function put(text, pairs) {
	for (const [old, fresh] of pairs) {
		if (text.split(old).length !== 2)
			throw new Error(`the sample has ${old} ${text.split(old).length - 1} times`);
		text = text.replace(old, () => fresh);
	}
	return text;
}

/** Run a server until the end of the test, and wait until it listens on `port`. */
async function launch(port, words, environment = {}) {
	const child = spawn(words[0], words.slice(1), { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...environment } });
	let log = '';
	child.stderr.on('data', (piece) => { log += piece; });
	const ended = new Promise((done) => child.on('exit', done));
	atEnd(() => { child.kill('SIGTERM'); return ended; });
	for (const limit = Date.now() + 10000; Date.now() < limit && child.exitCode === null; await pause(50)) {
		const isUp = await new Promise((done) => {
			const socket = net.connect(port, '127.0.0.1', () => { socket.destroy(); done(true); });
			socket.on('error', () => done(false));
		});
		if (isUp)
			return;
	}
	throw new Error(`${words[0]} does not listen: ${log.slice(-1000)}`);
}

/* The sample and what stands around it on Debian: its own nginx.conf, of which only the limits are ours (the sample asks for them). */
async function startNginx(folder, site, backend) {
	const port = await freePort(), place = join(folder, `nginx-${port}`);
	mkdirSync(place);
	writeFileSync(join(place, 'turnout.conf'), put(readFileSync(join(root, 'deploy/nginx.conf'), 'utf8'), [['server 127.0.0.1:8010;', `server 127.0.0.1:${backend};`],
		['listen 80 backlog', `listen 127.0.0.1:${port} backlog`], ['root /var/lib/turnout-site/public;', `root ${site}/public;`]]));
	writeFileSync(join(place, 'nginx.conf'), `${process.getuid() === 0 ? 'user root;\n' : ''}daemon off;\nworker_processes 2;\nworker_rlimit_nofile 20000;\npid ${place}/pid;
error_log ${place}/error.log;\nevents { worker_connections 8192; }\nhttp {\naccess_log ${place}/access.log;\n${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
	.map((name) => `${name}_temp_path ${place}/${name};\n`).join('')}include turnout.conf;\n}\n`);
	await launch(port, ['nginx', '-e', `${place}/error.log`, '-p', place, '-c', join(place, 'nginx.conf')]);
	return { name: 'nginx', port, log: () => readFileSync(join(place, 'access.log'), 'utf8') };
}

async function startCaddy(folder, site, backend) {
	const port = await freePort(), place = join(folder, `caddy-${port}`);
	mkdirSync(place);
	writeFileSync(join(place, 'Caddyfile'), put(readFileSync(join(root, 'deploy/Caddyfile'), 'utf8'), [['reverse_proxy 127.0.0.1:8010', `reverse_proxy 127.0.0.1:${backend}`],
		['{\n\tservers {', '{\n\tadmin off\n\tservers {'], ['runs.example {', `http://${host}:${port} {\n\tbind 127.0.0.1`],
		['root * /var/lib/turnout-site/public', `root * ${site}/public`]]));
	await launch(port, ['caddy', 'run', '--config', join(place, 'Caddyfile'), '--adapter', 'caddyfile'],
		{ HOME: place, XDG_DATA_HOME: place, XDG_CONFIG_HOME: place });
	return { name: 'caddy', port, log: () => '' };
}

/** The bytes of a body that came in chunks. */
function dechunk(text) {
	const [, size] = /^([0-9a-f]+)\r\n/.exec(text) ?? [];
	const begin = text.indexOf('\r\n') + 2, length = parseInt(size ?? '0', 16);
	return length === 0 ? '' : text.slice(begin, begin + length) + dechunk(text.slice(begin + length + 2));
}

/** One request through a proxy, and nothing kept open behind it. */
async function ask(port, method, path, headers = {}, body = null) {
	const all = { Host: host, Connection: 'close', ...(body === null ? {} : { 'Content-Length': Buffer.byteLength(body) }), ...headers };
	const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join('');
	const answer = await raw(port, `${method} ${path} HTTP/1.1\r\n${head}\r\n${body === null ? '' : Buffer.from(body).toString('latin1')}`);
	return answer.headers['transfer-encoding']?.[0] === 'chunked' ? { ...answer, body: dechunk(answer.body) } : answer;
}

const register = (port, fields) => ask(port, 'POST', '/api/register', { 'Content-Type': 'application/json' }, JSON.stringify(fields));

/** A connection that sends `first` and then a piece each `wait` ms, and reads only when `isReading`; `closed` becomes the ms after which the other side ended it. */
function drip(port, first, piece, wait, isReading) {
	const socket = net.connect(port, '127.0.0.1'), began = Date.now();
	const held = { closed: null, text: '', socket };
	const timer = setInterval(() => socket.writable && socket.write(piece), wait);
	socket.on('connect', () => socket.write(first)).on('error', () => {}).on('close', () => {
		clearInterval(timer);
		held.closed ??= Date.now() - began;
	});
	if (isReading)
		socket.on('data', (data) => { held.text += data.toString('latin1'); });
	else
		socket.pause();
	return held;
}

/** One page of each kind that has a secret address: its path below private/. */
const secretPages = (site) => readdirSync(join(site, 'private')).flatMap((kind) =>
	readdirSync(join(site, 'private', kind)).filter((secret) => existsSync(join(site, 'private', kind, secret, 'index.html'))).slice(0, 1).map((secret) => `${kind}/${secret}`));

async function pages(proxy, site, open, own) {
	const { name, port } = proxy, bytes = (path) => readFileSync(join(site, path), 'latin1');
	check(`${name}: there is a page of each kind that has a secret address`, secretPages(site).map((path) => path.split('/')[0]).join() === 'exports,person,reports,screen', secretPages(site));
	for (const [path, file, type] of [['/', 'public/index.html', 'text/html; charset=utf-8'], ['/R/', 'public/R/index.html', 'text/html; charset=utf-8'],
		['/assets/style.css', 'public/assets/style.css', 'text/css; charset=utf-8'], ['/assets/form.js', 'public/assets/form.js', 'text/javascript; charset=utf-8'],
		['/assets/icon.svg', 'public/assets/icon.svg', 'image/svg+xml'], ['/calendar.ics', 'public/calendar.ics', 'text/calendar; charset=utf-8'],
		['/site.webmanifest', 'public/site.webmanifest', 'application/manifest+json'], ['/feed.atom', 'public/feed.atom', 'application/atom+xml; charset=utf-8'],
		['/sitemap.xml', 'public/sitemap.xml', 'application/xml; charset=utf-8'], ['/robots.txt', 'public/robots.txt', 'text/plain; charset=utf-8'],
		['/api/calendar', 'public/api/calendar.json', 'application/json; charset=utf-8'], [`/api/qr/${open.session_id}`, `public/qr/${open.session_id}.png`, 'image/png'],
		...secretPages(site).map((path) => [`/${path}/`, `private/${path}/index.html`, 'text/html; charset=utf-8']),
		[`${own}attendance.csv`, `private${own}attendance.csv`, 'text/csv; charset=utf-8']]) {
		const answer = await ask(port, 'GET', path), direct = await ask(proxy.backend, 'GET', path);
		const shown = file.startsWith('private') ? `a private page (${path.split('/')[1]}/, ${type})` : path;
		check(`${name}: ${shown} is the generated file, as ${type}`, answer.status === 200 && answer.body === bytes(file) && answer.headers['content-type']?.[0] === type,
			[answer.status, answer.headers['content-type'], answer.text.slice(0, 100)]);
		for (const header of ['content-security-policy', 'x-content-type-options', 'referrer-policy', 'cache-control', 'x-robots-tag'])
			check(`${name}: ${shown} has the ${header} that turnoutd sends`, JSON.stringify(answer.headers[header]) === JSON.stringify(direct.headers[header]),
				[answer.headers[header], direct.headers[header]]);
	}
	const etag = (await ask(port, 'GET', '/')).headers.etag?.[0];
	check(`${name}: a page that is known is 304`, (await ask(port, 'GET', '/', { 'If-None-Match': etag })).status === 304, etag);
	const packed = await ask(port, 'GET', '/', { 'Accept-Encoding': 'gzip' });
	check(`${name}: the packed copy is sent as it lies there`, packed.headers['content-encoding']?.[0] === 'gzip' && packed.body === bytes('public/index.html.gz') &&
		packed.headers['content-type']?.[0] === 'text/html; charset=utf-8' && /accept-encoding/i.test(packed.headers.vary?.join()), { ...packed.headers, 'content-security-policy': '' });
	const head = await ask(port, 'HEAD', '/');
	check(`${name}: HEAD has no body`, head.status === 200 && head.body === '', head.text.slice(0, 100));
	const moved = await ask(port, 'GET', '/calendar');
	check(`${name}: a folder without its slash leads to the one with it, on the same host`, [301, 308].includes(moved.status) &&
		['/calendar/', 'calendar/'].includes(moved.headers.location?.[0]), moved.text.slice(0, 200));
	const missing = await ask(port, 'GET', '/no/such/page');
	check(`${name}: what is not there is 404 with the site's own page, protected as all are`, missing.status === 404 && missing.body === bytes('public/404.html') &&
		missing.headers['content-security-policy']?.length === 1, missing.text.slice(0, 300));
	check(`${name}: a folder is not listed`, (await ask(port, 'GET', '/assets/')).status === 404);
	check(`${name}: the figures of turnoutd stay on the machine`, (await ask(port, 'GET', '/metrics')).status === 404);
	for (const method of ['POST', 'PUT', 'DELETE', 'PROPFIND', 'OPTIONS', 'PATCH']) {
		const answer = await ask(port, method, '/', { 'Content-Length': 0 });
		check(`${name}: ${method} to a page is 405`, answer.status === 405, answer.text.slice(0, 60));
	}
	check(`${name}: it does not tell its version`, !/(nginx|caddy)\/?\d/i.test(head.headers.server?.join() ?? ''), head.headers.server);
}

async function checkIns(proxy, open) {
	const { name, port } = proxy, { token } = open;
	const mine = await register(port, { token, runner_name: `Jo by ${name}`, nonce: `jo-${name}` });
	check(`${name}: a check-in in JSON is taken with 201`, mine.status === 201 && JSON.parse(mine.body).success, mine.text);
	const again = await register(port, { token, runner_name: `Jo by ${name}`, nonce: `jo-${name}` });
	check(`${name}: sent again, it counts once`, again.status === 200 && JSON.parse(again.body).success, again.text);
	const form = await ask(port, 'POST', '/api/register', { 'Content-Type': 'application/x-www-form-urlencoded' },
		new URLSearchParams({ code: token, runner_name: `Form by ${name}` }).toString());
	check(`${name}: a form is taken and led to its page`, form.status === 303 && form.headers.location?.[0] === '../R/ok/', form.text);
	const preflight = await ask(port, 'OPTIONS', '/api/register', { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' });
	check(`${name}: a preflight is refused, without any Access-Control header`, preflight.status === 405 && !/access-control/i.test(preflight.text), preflight.text);
	const began = Date.now();
	const crowd = await Promise.all(Array.from({ length: 300 }, (_, i) => register(port, { token, runner_name: `${name} ${i}`, nonce: `${name}-${i}` })));
	check(`${name}: 300 phones at once behind one address are all taken`, crowd.every(({ status }) => status === 201), crowd.find(({ status }) => status !== 201)?.text);
	check(`${name}: within ten seconds`, Date.now() - began < 10000, Date.now() - began);
	const burst = await Promise.all(Array.from({ length: 1000 }, () => ask(port, 'GET', '/R/')));
	check(`${name}: 1,000 connections at once all get the form`, burst.every(({ status }) => status === 200), burst.find(({ status }) => status !== 200)?.text.slice(0, 100));
}

async function hostile({ name, port }, rows) {
	const answers = await Promise.all(rows.map(({ bytes }) => raw(port, bytes)));
	rows.forEach(({ name: what, expect }, i) => {
		check(`${name}: ${what} is answered with ${[expect[name]].flat().join(' or ')}, once`, fits(expect[name], answers[i].status) && answersIn(answers[i].text) <= 1,
			answers[i].text.slice(0, 100));
	});
}

/** Is there anything in an answer that only a private page, the manifest or the system has? */
const leaks = ({ text }, secrets) => secrets.some((secret) => text.includes(secret));

async function privatePages(proxy, site, open, own) {
	const { name, port } = proxy, screen = new URL(open.screen).pathname;
	const secrets = ['SQLite format 3', 'root:x:0', readFileSync(join(site, `private${screen}index.html`), 'latin1').slice(0, 4000),
		readFileSync(join(site, `private${own}index.html`), 'latin1').slice(0, 4000)];
	const up = ['..', '%2e%2e', '.%2e', '..%2f..', '..\\..', '..%5c..', '%252e%252e'];
	const paths = [...spellings, ...neighbours, '/manifest.db', '/private/', '/lock', '/.git/config', '/.htaccess', '/club.db', '/screen/', '/person/', '/screen', '/ADMIN',
		`/private${screen}`, `/private${own}`, `/${screen.toUpperCase()}`, screen.toUpperCase(), `/${screen}`, screen.replace('/screen/', '/SCREEN/'), `${screen.slice(0, -1)}./`,
		`${screen}%00`, `${screen}..%2f`, `/x/..${screen}`, `/%73creen${screen.slice(7)}`,
		...up.flatMap((dots) => [`/${dots}/manifest.db`, `/${dots}/private${screen}index.html`, `/assets/${dots}/${dots}/private${screen}index.html`,
			`/screen/${dots}/${dots}/manifest.db`, `/${dots}/${dots}/${dots}/${dots}/${dots}/etc/passwd`, `/api/qr/${dots}/manifest.db`])];
	let refused = 0;
	for (const path of paths) {
		const answer = await raw(port, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
		check(`${name}: ${path.length > 40 ? 'a secret address misspelled' : JSON.stringify(path)} gives nothing private`, !leaks(answer, secrets) && answersIn(answer.text) <= 1 && answer.ms < 5000,
			[path, answer.text.slice(0, 100)]);
		refused += answer.status >= 400;
	}
	check(`${name}: nearly all of them are refused (the others are public pages of another spelling)`, refused > paths.length * 0.8, [refused, paths.length]);
	check(`${name}: its log has no secret address`, !proxy.log().includes(screen) || proxy.log().split('\n').every((line) => !line.includes(`GET ${screen} `)));
}

async function slow({ name, port }, open) {
	const one = `Host: ${host}\r\n`;
	const many = (...words) => Array.from({ length: 60 }, () => drip(port, ...words));
	const heads = many(`GET / HTTP/1.1\r\n${one}`, 'X: 1\r\n', 500, true);
	const bodies = many(`POST /api/register HTTP/1.1\r\n${one}Content-Type: application/json\r\nContent-Length: 4000\r\n\r\n`, ' ', 500, true);
	const reads = many(`GET /assets/style.css HTTP/1.1\r\n${one}\r\n`.repeat(100), '\r\n', 500, false);
	const silent = many('', '', 1000, true);
	await pause(1000);		// the time itself is what is tested: all of them are under way
	let worst = 0, wrong = null;
	for (let i = 0; i < 10; i++) {
		for (const answer of [await register(port, { token: open.token, runner_name: `Meanwhile ${name} ${i}` }), await ask(port, 'GET', '/')]) {
			worst = Math.max(worst, answer.ms);
			if (answer.status !== (answer.body.startsWith('{') ? 201 : 200))
				wrong ??= answer.text.slice(0, 100);
		}
	}
	check(`${name}: while 60 heads and 60 bodies drip, 60 do not read and 60 are silent, others check in and read`, wrong === null, wrong);
	check(`${name}: each of them within two seconds`, worst < 2000, worst);
	for (const limit = Date.now() + 14000; Date.now() < limit && heads.some(({ closed }) => closed === null); await pause(100))
		;
	check(`${name}: heads that drip are cut within 12 s`, heads.every(({ closed }) => closed !== null && closed < 13000), heads.map(({ closed }) => closed).slice(0, 3));
	if (name === 'caddy') {
		for (const limit = Date.now() + 10000; Date.now() < limit && bodies.some(({ closed }) => closed === null); await pause(100))
			;
		check('caddy: bodies that drip are cut within 10 s', bodies.every(({ closed }) => closed !== null && closed < 11000), bodies.map(({ closed }) => closed).slice(0, 3));
		check('caddy: none of them is told that it is in', bodies.every(({ text }) => answersIn(text) <= 1 && !/ (201|303) |success/.test(text)), bodies[0].text);
	}
	for (const { socket } of [...heads, ...bodies, ...reads, ...silent])
		socket.destroy();
}

/** What reaches the other side of a proxy: a server of our own says which headers came. */
async function addresses(startProxy, folder, site) {
	const echo = http.createServer((request, response) => {
		response.setHeader('Content-Type', 'application/json');
		response.end(JSON.stringify(request.headers));
	});
	let connections = 0;
	echo.on('connection', () => { connections++; });
	await new Promise((listening) => echo.listen(0, '127.0.0.1', listening));
	atEnd(() => { echo.closeAllConnections(); echo.close(); });
	const proxy = await startProxy(folder, site, echo.address().port);
	const answer = await ask(proxy.port, 'GET', '/health/live', { 'X-Forwarded-For': '203.0.113.9', 'X-Real-IP': '203.0.113.9' });
	const headers = JSON.parse(answer.body);
	check(`${proxy.name}: the address is the one it saw, whatever the client claims`, headers['x-real-ip'] === '127.0.0.1' && headers['x-forwarded-for'] === '127.0.0.1', headers);
	check(`${proxy.name}: the name that was asked for goes on`, headers.host?.startsWith(host), headers.host);
	for (let i = 0; i < 19; i++)
		await ask(proxy.port, 'GET', '/health/live');
	check(`${proxy.name}: connections to turnoutd are kept: 20 requests take a few`, connections < 10 && headers.connection !== 'close', [connections, headers.connection]);
}

await run(async () => {
	const folder = makeFolder(), db = makeClub(folder), site = join(folder, 'site');
	chmodSync(folder, 0o755);
	const open = makeRun(db, 'Open Group', -5, 60);
	turnout('person', 'add', 'Ada Lovelace', '--db', db);
	const own = new URL(turnout('person', 'link', 'Ada Lovelace', '--db', db).trim()).pathname;
	turnout('publish', '--precompress', '--db', db, '--site', site, '--templates', join(root, 'templates'));
	const server = await start(db, site, '--keep-alive');
	const count = () => JSON.parse(turnout('status', '--db', db, '--json')).present;

	const routes = [...readFileSync(join(root, 'core/route.c'), 'utf8').matchAll(/^\t\{ ROUTE_\w+, "(\/(?:api|health)\/[^"]+)"/gm)].map(([, path]) => path);
	const samples = ['nginx.conf', 'Caddyfile'].map((name) => readFileSync(join(root, 'deploy', name), 'utf8'));
	check('the list of core/route.c was read', routes.includes('/api/register') && routes.length >= 14, routes);
	for (const path of routes)
		check(`both samples pass ${path} on`, (samples[0].includes(`location = ${path} {`) || samples[0].includes(`location ~ ^${path.replace('*', '[^/]+')}$ {`)) &&
			(samples[1].split(/\s+/).includes(path) || samples[1].split(/\s+/).includes(path.replace('validate/*', '*'))));

	for (const [command, startProxy] of [['nginx', startNginx], ['caddy', startCaddy]]) {
		try {
			execFileSync(command, [command === 'nginx' ? '-v' : 'version'], { stdio: 'ignore' });
		} catch {
			skip(`all through ${command}`, 'it is not installed');
			continue;
		}
		const proxy = { ...await startProxy(folder, site, server.port), backend: server.port };
		await addresses(startProxy, folder, site);
		await pages(proxy, site, open, own);
		await checkIns(proxy, open);
		await privatePages(proxy, site, open, own);
		proxies.push(proxy);
	}
	/* What takes time takes it at once. */
	const rows = traps(open.token, host), seen = (what) => server.log.split('\n').filter((line) => line.includes(what)).length;
	const requests = seen(' request='), checkInsSeen = () => seen('path=/api/register ');
	await Promise.all(proxies.map((proxy) => hostile(proxy, rows)));
	check('turnoutd heard of no more requests than were sent', seen(' request=') - requests <= rows.length * proxies.length, seen(' request=') - requests);
	const before = checkInsSeen();
	await Promise.all(proxies.map((proxy) => slow(proxy, open)));
	check('turnoutd heard of ten check-ins by each proxy, and of no slow one', checkInsSeen() - before === 10 * proxies.length, checkInsSeen() - before);
	const names = execFileSync('sqlite3', ['-cmd', '.timeout 5000', db, 'SELECT name FROM person'], { encoding: 'utf8' });
	check('nobody was smuggled in', names.includes('Jo by') && !names.includes('Smuggled'), count());
	const { code } = await server.stop();
	check('turnoutd ends with 0', code === 0, code);
	for (const { name, port } of proxies) {
		const form = await ask(port, 'POST', '/api/register', { 'Content-Type': 'application/x-www-form-urlencoded' }, `code=${open.token}&runner_name=Late`);
		check(`${name}: while turnoutd is away, a form gets the page that says so, with 503`, form.status === 503 &&
			form.body === readFileSync(join(site, 'public/R/slow_down/index.html'), 'latin1'), form.text.slice(0, 300));
		check(`${name}: and pages are there`, (await ask(port, 'GET', '/')).status === 200);
	}
});
