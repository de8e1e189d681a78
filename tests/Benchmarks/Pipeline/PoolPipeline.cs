using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using QTrade.Actors;
using QTrade.Actors.EventSourcing;
using QTrade.Actors.Journal;
using QTrade.Actors.Mailboxes;

namespace QTrade.Benchmarks.Pipeline;

/// <summary>Event-sourced pools that publish each accepted update to one router, which keeps the newest of each pool.</summary>
public sealed class PoolPipeline
{
    /// <summary>Bytes of the two messages that one update is: object header, method table and fields.</summary>
    public const int MessageBytes = 2 * (8 + 8 + 8 + 8 + 8 + 8);

    /// <summary>Updates under way at most, so that the figure is of a steady flow and not of a growing heap.</summary>
    private const int Window = 1 << 15;

    private readonly ActorSystem _system;
    private readonly ActorRef<Update>[] _pools;
    private readonly Router _router;
    private ulong _slot;
    private long _offered;

    /// <param name="system">On whose scheduler, and with whose journal.</param>
    /// <param name="pools">How many pool actors.</param>
    /// <param name="conflate">Whether updates conflate in the pools' mailboxes.</param>
    /// <param name="prefix">Of the pools' names in the journal, for several nodes to share one.</param>
    public PoolPipeline(ActorSystem system, int pools, bool conflate = false, string prefix = "pool/")
    {
        _system = system;
        _router = new Router(pools);
        var router = system.Spawn(new Props<Changed>(() => _router), "router");
        _pools = new ActorRef<Update>[pools];
        for (var i = 0; i < pools; i++)
        {
            var pool = i;
            var props = new Props<Update>(() => new Pool(pool, router, $"{prefix}{pool}"));
            if (conflate)
                props = props with { Mailbox = MailboxOptions.Conflating(new NewestUpdate()) };
            _pools[i] = system.Spawn(props, $"pool-{i}");
        }
    }

    /// <summary>Sends updates to the pools in turn and waits until the router has them all.</summary>
    public void Push(int updates)
    {
        var done = _router.Received;
        for (var sent = 0; sent < updates; sent++)
        {
            if ((sent & 255) == 0)
                WaitUntil(done + sent - Window);
            _pools[sent % _pools.Length].Tell(new Update((int)(_slot % 7), ++_slot, sent, sent));
        }

        WaitUntil(done + updates);
    }

    /// <summary>Updates that the router has.</summary>
    public long Published => _router.Received;

    /// <summary>Updates that were merged into a newer one.</summary>
    public long Conflated => _system.Hierarchy().Sum(report => report.Conflated);

    /// <summary>The entities of the pools, to be recovered by one scan.</summary>
    /// <param name="scan">How the journal is read.</param>
    public static RecoveryScan Recovery(RecoveryScan scan) => scan.Add<Changed, Changed>(
        "pool/", static _ => new Changed(0, 0, 0, 0), static (_, changed) => changed, ChangedCodec.Instance);

    /// <summary>
    /// Sends updates to the pools in turn at a steady rate, whatever becomes of them, and waits until each is published or conflated.
    /// </summary>
    /// <returns>The rate at which they were sent.</returns>
    public double Offer(int updates, double perSecond)
    {
        var start = Stopwatch.GetTimestamp();
        for (var sent = 0; sent < updates; sent++)
        {
            if ((sent & 255) == 0)
            {
                var spin = new SpinWait();
                while (Stopwatch.GetElapsedTime(start).TotalSeconds * perSecond < sent)
                    spin.SpinOnce();
            }

            _pools[sent % _pools.Length].Tell(new Update((int)(_slot % 7), ++_slot, sent, sent));
        }

        var offered = updates / Stopwatch.GetElapsedTime(start).TotalSeconds;
        _offered += updates;
        while (Published + Conflated < _offered)
            Thread.Yield();
        return offered;
    }

    private void WaitUntil(long received)
    {
        var spin = new SpinWait();
        while (_router.Received < received)
            spin.SpinOnce();
    }

    /// <summary>Reserves as a feed observes them.</summary>
    public sealed class Update(long account, ulong slot, double x, double y)
    {
        public long Account { get; } = account;

        public ulong Slot { get; } = slot;

        public double X { get; } = x;

        public double Y { get; } = y;
    }

    /// <summary>Reserves as a pool publishes them.</summary>
    public sealed class Changed(long pool, ulong slot, double x, double y)
    {
        public long Pool { get; } = pool;

        public ulong Slot { get; } = slot;

        public double X { get; } = x;

        public double Y { get; } = y;
    }

    private sealed class Pool(int pool, ActorRef<Changed> router, string name) : EventSourcedActor<Update, Changed, Changed>
    {
        public override string PersistenceId => name;

        protected override Changed Initial { get; } = new(pool, 0, 0, 0);

        protected override IEventCodec<Changed> Codec => ChangedCodec.Instance;

        public override Changed Apply(Changed state, Changed @event) => @event;

        public override void Decide(Changed state, Update message, Effects<Changed> effects)
        {
            if (message.Slot <= state.Slot)
                return;
            var changed = new Changed(pool, message.Slot, message.X, message.Y);
            effects.Persist(changed);
            effects.Send(router, changed);
        }
    }

    private sealed class Router(int pools) : Actor<Changed>
    {
        private readonly Changed?[] _newest = new Changed?[pools];
        private long _received;

        internal long Received => Volatile.Read(ref _received);

        public override void Handle(Changed message, Effects effects)
        {
            _newest[message.Pool] = message;
            Volatile.Write(ref _received, _received + 1);
        }
    }

    private sealed class NewestUpdate : IConflation<Update, long>
    {
        public bool TryGetKey(Update message, out long key)
        {
            key = 0;
            return true;
        }

        public Update Merge(Update waiting, Update arrived) => arrived.Slot > waiting.Slot ? arrived : waiting;
    }

    private sealed class ChangedCodec : IEventCodec<Changed>
    {
        internal static ChangedCodec Instance { get; } = new();

        public EventData Encode(Changed value)
        {
            var bytes = new byte[32];
            var fields = MemoryMarshal.Cast<byte, long>(bytes.AsSpan());
            fields[0] = value.Pool;
            fields[1] = (long)value.Slot;
            fields[2] = BitConverter.DoubleToInt64Bits(value.X);
            fields[3] = BitConverter.DoubleToInt64Bits(value.Y);
            return new EventData("pool.changed", 1, bytes);
        }

        public bool TryDecode(EventData data, [MaybeNullWhen(false)] out Changed value, [NotNullWhen(false)] out string? reason)
        {
            value = null;
            reason = data is { Manifest: "pool.changed", Version: 1, Payload.Length: 32 } ? null : "unknown manifest or damaged";
            if (reason is not null)
                return false;
            var fields = MemoryMarshal.Cast<byte, long>(data.Payload.Span);
            value = new Changed(
                fields[0], (ulong)fields[1], BitConverter.Int64BitsToDouble(fields[2]), BitConverter.Int64BitsToDouble(fields[3]));
            return true;
        }
    }
}
