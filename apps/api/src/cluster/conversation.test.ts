import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Conversation, type Responder } from './conversation.js';

/** One end of a channel within this process; what is sent is cloned, as between processes. */
class End extends EventEmitter {
  other?: End;
  isOpen = true;

  send(message: object, _handle: undefined, _options: undefined, callback: (error: Error | null) => void): boolean {
    const copy = structuredClone(message);
    setImmediate(() => {
      callback(this.isOpen ? null : new Error('the channel is closed'));
      if (this.isOpen) this.other?.emit('message', copy);
    });
    return true;
  }
}

function conversations(responders: Record<string, Responder>) {
  const [near, far] = [new End(), new End()];
  [near.other, far.other] = [far, near];
  return { near, asking: new Conversation(near, {}), answering: new Conversation(far, responders) };
}

describe('Conversation', () => {
  it('gives each question its own answer, in whatever order they come', async () => {
    const releases: (() => void)[] = [];
    const { asking } = conversations({
      slow: (value) =>
        new Promise((resolve) =>
          releases.push(() => {
            resolve(`slow ${String(value)}`);
          }),
        ),
      quick: (value) => `quick ${String(value)}`,
    });
    const slow = asking.ask('slow', 1);

    expect(await asking.ask('quick', 2)).toBe('quick 2');
    for (const release of releases) release();
    expect(await slow).toBe('slow 1');
  });

  it('rejects if the other end fails to answer, or cannot answer yet', async () => {
    const { asking, answering } = conversations({
      fails: () => {
        throw new Error('out of order');
      },
    });

    await expect(asking.ask('fails')).rejects.toThrow('out of order');
    await expect(asking.ask('later')).rejects.toThrow('nobody answers later yet');
    answering.answer('later', () => 'now');
    expect(await asking.ask('later')).toBe('now');
  });

  it('rejects open and further questions once the other process has ended', async () => {
    const { asking } = conversations({ never: () => new Promise(() => undefined) });
    const open = asking.ask('never');
    asking.close();

    await expect(open).rejects.toThrow('the other process has ended');
    await expect(asking.ask('never')).rejects.toThrow('the other process has ended');
  });

  it('rejects a question that cannot be sent', async () => {
    const { near, asking } = conversations({ any: () => 1 });
    near.isOpen = false;

    await expect(asking.ask('any')).rejects.toThrow('the other process has ended');
  });

  it('ignores messages of others on the channel', async () => {
    const { near, asking } = conversations({ any: () => 1 });
    for (const message of [null, 'text', { type: 'something else' }]) near.emit('message', message);

    expect(await asking.ask('any')).toBe(1);
  });
});
