# SPDX-License-Identifier: ISC
"""
fastapi_peer.py def|async FOLDER: check-ins by FastAPI, SQLAlchemy and SQLite, with the work of turnoutd and its durability.

`def` is how such a service is usually written: handlers in a pool of 40 threads, a session each. `async` is the same code on the loop,
hence without a fight for the write lock. Prints where it listens, then the token of the run.
"""
import base64
import hashlib
import hmac
import json
import os
import socket
import sys
import threading
import time
import unicodedata

import uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy import Column, ForeignKey, Integer, Text, UniqueConstraint, create_engine, event, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, declarative_base
from sqlalchemy.pool import QueuePool

form, folder = sys.argv[1:]
KEY, SESSION = b"a key of 32 bytes, for the bench", "BENCH00000"
Base = declarative_base()


class Run(Base):
    __tablename__ = "run"
    id = Column(Integer, primary_key=True)
    session = Column(Text, unique=True, nullable=False)
    opens = Column(Integer, nullable=False)
    closes = Column(Integer, nullable=False)
    came = Column(Integer, nullable=False)


class Attendance(Base):
    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("run_id", "folded"),)
    id = Column(Integer, primary_key=True)
    run_id = Column(Integer, ForeignKey("run.id"), nullable=False)
    folded = Column(Text, nullable=False)
    name = Column(Text, nullable=False)
    at = Column(Integer, nullable=False)


class Event(Base):
    __tablename__ = "event"
    id = Column(Integer, primary_key=True)
    run_id = Column(Integer, ForeignKey("run.id"), nullable=False)
    kind = Column(Text, nullable=False)
    name = Column(Text, nullable=False)
    nonce = Column(Text, nullable=False)
    claim = Column(Text, nullable=False)
    at = Column(Integer, nullable=False)


class Change(Base):
    __tablename__ = "change"
    id = Column(Integer, primary_key=True)
    kind = Column(Text, nullable=False)
    run_id = Column(Integer, nullable=False)


class CheckIn(BaseModel):
    token: str
    runner_name: str
    nonce: str
    claim: str


engine = create_engine(f"sqlite:///{folder}/peer.db", poolclass=QueuePool, pool_size=41, max_overflow=0,
                       connect_args={"timeout": 60, "check_same_thread": False})


@event.listens_for(engine, "connect")
def durable(connection, _record):
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def sign(session):
    return session + "." + base64.b32encode(hmac.new(KEY, session.encode(), hashlib.sha256).digest()).decode().rstrip("=")


def refuse(status, code):
    return JSONResponse({"success": False, "code": code}, status)


def check_in(attempt):
    session_id = attempt.token.partition(".")[0]
    if not hmac.compare_digest(attempt.token.encode(), sign(session_id).encode()):
        return refuse(403, "code_unknown")
    name = " ".join(unicodedata.normalize("NFKC", attempt.runner_name).split())
    folded = unicodedata.normalize("NFKC", name.casefold())
    now = int(time.time())
    if not 1 <= len(name) <= 100:
        return refuse(422, "bad_name")
    with Session(engine) as session:
        run = session.query(Run).filter_by(session=session_id).one_or_none()
        if run is None or not run.opens <= now <= run.closes:
            return refuse(409, "closed")
        run_id = run.id
        try:
            session.add(Attendance(run_id=run_id, folded=folded, name=name, at=now))
            session.flush()
        except IntegrityError:
            session.rollback()
            return refuse(409, "taken")
        session.add(Event(run_id=run_id, kind="check-in", name=name, nonce=attempt.nonce, claim=attempt.claim, at=now))
        session.execute(update(Run).where(Run.id == run_id).values(came=Run.came + 1), execution_options={"synchronize_session": False})
        session.add(Change(kind="attendance", run_id=run_id))
        place = session.query(Run.came).filter_by(id=run_id).scalar()
        session.commit()
    return JSONResponse({"success": True, "code": "ok", "runner_name": name, "place": place, "current_count": place}, 201)


def publish():
    """Writes the live file again when the change log has grown, ten times a second at most."""
    seen = 0
    while True:
        with engine.connect() as connection:
            last = connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM change").scalar()
            count = connection.exec_driver_sql("SELECT came FROM run").scalar()
        if last > seen:
            with open(f"{folder}/live.new", "w", encoding="utf-8") as file:
                json.dump({"session_id": SESSION, "count": count, "sequence": last}, file)
            os.replace(f"{folder}/live.new", f"{folder}/live.json")
            seen = last
        time.sleep(0.1)


app = FastAPI()
if form == "async":
    @app.post("/api/register")
    async def register(attempt: CheckIn):
        return check_in(attempt)
else:
    @app.post("/api/register")
    def register(attempt: CheckIn):
        return check_in(attempt)

Base.metadata.create_all(engine)
with Session(engine) as start:
    if start.query(Run).count() == 0:
        start.add(Run(session=SESSION, opens=0, closes=int(time.time()) + 86400, came=0))
        start.commit()
threading.Thread(target=publish, daemon=True).start()
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(4096)
print(f"listening on http://127.0.0.1:{listener.getsockname()[1]}\ntoken {sign(SESSION)}", flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, backlog=4096)).run(sockets=[listener])
