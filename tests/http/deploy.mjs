// SPDX-License-Identifier: ISC
/*
 * deploy.mjs: the unit files of deploy/ and what they promise: publisher and endpoint run as two users of one group, with the file modes
 * that the units set. Only the paths of programs are replaced. The users are numbers that nobody on this machine has.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atEnd, build, root, skip } from '../checks.mjs';
import { ask, check, makeFolder, run, wallTime, zone } from './lib.mjs';

const endpoint = 64101, publisher = 64102, group = 64103, stranger = 64104;
const units = ['turnoutd.service', 'turnout-watch.service'];
const read = (name) => readFileSync(join(root, 'deploy', name), 'utf8');
const setting = (name, key) => [...read(name).matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value]) => value).at(-1);

async function until(holds, ms = 20000) {
	for (const end = Date.now() + ms; Date.now() < end; await new Promise((done) => setTimeout(done, 50)))
		if (await holds())
			return true;
	return false;
}

function checkUnits(folder) {
	if (spawnSync('systemd-analyze', ['--version']).status !== 0) {
		skip('the units by systemd-analyze', 'systemd-analyze is not installed');
		return;
	}
	for (const unit of units) {
		const path = join(folder, unit), program = unit === units[0] ? 'turnoutd' : 'turnout';
		const text = read(unit).replace(`/usr/local/bin/${program} `, `${join(build, program)} `);
		check(`${unit} starts ${program}`, text !== read(unit));
		writeFileSync(path, text);
		const verified = spawnSync('systemd-analyze', ['verify', '--man=no', path], { encoding: 'utf8', env: { ...process.env, SYSTEMD_UNIT_PATH: `${folder}:` } });
		check(`${unit}: systemd-analyze verify has nothing to say`, verified.status === 0 && verified.stderr.trim() === '', verified.stderr);
		const judged = spawnSync('systemd-analyze', ['security', '--no-pager', '--offline=true', '--threshold=15', path], { encoding: 'utf8' });
		check(`${unit}: systemd-analyze security finds an exposure of 1.5 at most`, judged.status === 0 && judged.stdout.includes('Overall exposure level'), judged.stdout.slice(-100));
	}
	check('turnoutd may have the descriptors that it wants (LimitNOFILE)', Number(setting(units[0], 'LimitNOFILE')) >= 4096);
	check('turnoutd is given longer to end than it takes', Number(setting(units[0], 'TimeoutStopSec')) > 10);
	check('turnoutd of the unit keeps connections, as the samples for web servers do', setting(units[0], 'ExecStart').includes(' --keep-alive '));
	check('turnoutd of the unit starts no publisher of its own', setting(units[0], 'ExecStart').includes(' --no-watch '));
	check('the publisher of the unit has no network', setting(units[1], 'PrivateNetwork') === 'yes');
	const users = spawnSync('systemd-sysusers', ['--dry-run', join(root, 'deploy/turnout.sysusers.conf')], { encoding: 'utf8' });
	check('systemd-sysusers understands the list of users', users.error !== undefined || (users.status === 0 && !/fail|invalid|error/i.test(users.stderr)), users.stderr);
}

/** Words that run a command as `user` of the group, with the umask that its unit has. */
const as = (user, umask, words) => ['setpriv', [`--reuid=${user}`, `--regid=${user === stranger ? stranger : group}`, '--clear-groups', 'sh', '-c', `umask ${umask}; exec "$@"`, 'sh', ...words]];
const umaskOf = (user) => setting(units[user === publisher ? 1 : 0], 'UMask');
const call = (user, ...words) => spawnSync(...as(user, user === stranger ? '0022' : umaskOf(user), words), { encoding: 'utf8' });

/** Start `words` as `user`; what it has said, and stop(). */
function startAs(user, words) {
	const child = spawn(...as(user, umaskOf(user), words), { stdio: ['ignore', 'pipe', 'pipe'] });
	const started = { child, out: '', log: '', code: null };
	child.stdout.on('data', (piece) => { started.out += piece; });
	child.stderr.on('data', (piece) => { started.log += piece; });
	started.ended = new Promise((done) => child.on('exit', (code) => { started.code = code; done(code); }));
	started.stop = (signal = 'SIGTERM') => { child.kill(signal); return started.ended; };
	atEnd(() => started.stop('SIGKILL'));
	return started;
}

async function startEndpoint(programs, db, site) {
	const server = startAs(endpoint, [join(programs, 'turnoutd'), '--no-watch', '--db', db, '--site', site, '--listen', '127.0.0.1:0']);
	if (!await until(() => server.out.includes('\n') || server.code !== null))
		throw new Error(server.log);
	server.port = Number(server.out.trim().split(':').at(-1));
	return server;
}

async function checkUsers() {
	const folder = makeFolder(), facts = join(folder, 'facts'), site = join(folder, 'site'), db = join(facts, 'turnout.db'), programs = join(folder, 'bin');
	chmodSync(folder, 0o755);
	mkdirSync(programs);		/* copied: the checkout may be where these users may not look */
	for (const name of ['turnout', 'turnoutd'])
		cpSync(join(build, name), join(programs, name));
	cpSync(join(root, 'templates'), join(programs, 'templates'), { recursive: true });
	execFileSync('chmod', ['-R', 'a+rX', programs]);
	const turnout = (...words) => {
		const { status, stdout, stderr } = call(endpoint, join(programs, 'turnout'), ...words, '--db', db);
		if (status !== 0)
			throw new Error(stderr);
		return stdout;
	};
	for (const [path, unit, user] of [[facts, units[0], endpoint], [site, units[1], publisher]]) {	/* as systemd makes them */
		mkdirSync(path);
		chownSync(path, user, group);
		chmodSync(path, parseInt(setting(unit, 'StateDirectoryMode'), 8));
	}
	turnout('init', '--name', 'Test Club', '--zone', zone, '--address', 'http://127.0.0.1:1');
	chmodSync(db, 0o640);
	const from = wallTime(-5), to = wallTime(60);
	turnout('group', 'add', 'Open Group');
	turnout('calendar', 'add', '--group', 'Open Group', '--date', from.date, '--start', from.time, '--end', to.time);
	turnout('set', 'visibility', 'name');
	const codes = JSON.parse(turnout('code', from.date, '--group', 'Open Group', '--json')), screen = new URL(codes.screen).pathname;

	let server = await startEndpoint(programs, db, site);
	const words = [join(programs, 'turnout'), 'watch', '--precompress', '--db', db, '--site', site, '--templates', join(programs, 'templates')];
	const watch = startAs(publisher, words);
	const get = (path) => ask(server.port, 'GET', path);
	check('the publisher publishes, the endpoint serves it', await until(async () => (await get('/')).status === 200), [watch.log, watch.code]);
	check('the page of a screen too, which the group alone may read', await until(async () => (await get(screen)).status === 200), server.log.slice(-300));
	const register = (name) => ask(server.port, 'POST', '/api/register', { 'Content-Type': 'application/json' }, JSON.stringify({ token: codes.token, runner_name: name }));
	const taken = await register('Ada Lovelace'), path = JSON.parse(taken.body).run?.address;
	check('a check-in is taken', taken.status === 201, taken.text);
	check('and is published', await until(async () => (await get(`/${path}`)).body.includes('Ada Lovelace')), watch.log);
	check('the readiness of the endpoint is whole', JSON.parse((await get('/health/ready')).body).site === true);

	const denied = ({ status, stderr }) => status !== 0 && /denied|readonly|unable to open/i.test(stderr);
	const shell = (user, script) => call(user, 'sh', '-c', script);
	const wrote = call(publisher, join(programs, 'turnout'), 'set', 'name', 'Taken Over', '--db', db);
	check('the publisher\'s user cannot change a fact, and is told so', wrote.status !== 0 && wrote.stderr.length > 0 && !turnout('status').includes('Taken Over'), wrote.stderr);
	for (const [what, user, script] of [['the publisher\'s user cannot write the database', publisher, `: >> ${db}`], ['nor its journal', publisher, `: >> ${db}-journal`],
		['nor beside it', publisher, `: > ${facts}/x`], ['the endpoint\'s user cannot write a page', endpoint, `: >> ${site}/public/index.html`],
		['nor replace one', endpoint, `rm -f ${site}/public/index.html`], ['nor add one', endpoint, `: > ${site}/public/x.html`], ['nor add a private one', endpoint, `: > ${site}/private/x.html`],
		['nor write the manifest', endpoint, `: >> ${site}/manifest.db`], ['a stranger, as the web server is, cannot read the database', stranger, `cat ${db}`],
		['nor the manifest', stranger, `cat ${site}/manifest.db`], ['nor a private page', stranger, `cat ${site}/private${screen}index.html`], ['nor list them', stranger, `ls ${site}/private`]])
		check(what, denied(shell(user, script)), shell(user, script));
	check('but every public file', shell(stranger, `find ${site}/public -type f -exec cat {} +`).status === 0);
	check('pages are of the modes that were promised', (statSync(join(site, 'public/index.html')).mode & 0o7777) === 0o644 && (statSync(join(site, `private${screen}index.html`)).mode & 0o777) === 0o640 &&
		(statSync(join(site, 'manifest.db')).mode & 0o777) === 0o640);

	/* The endpoint dies in the middle of a change that reached the file: a reader cannot mend that, and must say so. */
	await server.stop();
	const dead = spawnSync(...as(endpoint, '0027', ['sh', '-c', `{ echo "PRAGMA journal_mode=TRUNCATE; PRAGMA cache_size=1; BEGIN IMMEDIATE; UPDATE club SET name='Half Way'; ` +
		`CREATE TABLE filler(x); WITH n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<3000) INSERT INTO filler SELECT randomblob(200) FROM n;"; echo ".shell kill -9 \\$PPID"; } | sqlite3 ${db}`]), { encoding: 'utf8' });
	check('a writer was killed in the middle, and left its journal', dead.status !== 0 && statSync(`${db}-journal`).size > 0, [dead, readdirSync(facts)]);
	const reason = 'a writer died in the middle of a change', another = startAs(publisher, words);
	await another.ended;
	check('a publisher that starts then says what is the matter and who mends it, and ends for systemd to start it again', another.code !== 0 && another.log.includes(reason) &&
		another.log.includes('turnoutd when it starts'), [another.code, another.log]);
	check('one that runs says it too, and goes on', await until(() => watch.log.includes(reason)) && watch.code === null, [watch.code, watch.log]);
	server = await startEndpoint(programs, db, site);
	const late = await register('Late Comer');
	check('turnoutd starts, puts it back and takes check-ins', late.status === 201 && !turnout('status').includes('Half Way'), late.text);
	check('and the publisher that went on publishes them by itself', await until(async () => (await get(`/${path}`)).body.includes('Late Comer')), watch.log);
	check('both end with 0', await watch.stop() === 0 && await server.stop() === 0, [watch.log.slice(-300), server.log.slice(-300)]);
}

await run(async () => {
	checkUnits(makeFolder());
	if (process.getuid() !== 0 || spawnSync('setpriv', ['--version']).status !== 0)
		skip('publisher and endpoint as two users', 'that takes root and setpriv');
	else
		await checkUsers();
});
