using System.Collections.Immutable;
using System.Threading.Channels;
using QTrade.Actors;

namespace QTrade.Shared.Actors;

/// <summary>An actor that keeps what it is told, for a spec to look at.</summary>
public sealed class TestProbe<TMessage>
    where TMessage : class
{
    /// <summary>How long a spec over threads waits for what must come; long, since only a failing spec waits that long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<TMessage> _unread = Channel.CreateUnbounded<TMessage>();
    private ImmutableList<TMessage> _received = [];

    /// <param name="system">Where the probe lives.</param>
    /// <param name="name">Its name at the top of the system.</param>
    public TestProbe(ActorSystem system, string name) =>
        Ref = system.Spawn(new Props<TMessage>(() => new Keeper(this)), name);

    /// <summary>Its address.</summary>
    public ActorRef<TMessage> Ref { get; }

    /// <summary>Everything it was told, in order.</summary>
    public ImmutableList<TMessage> Received => Volatile.Read(ref _received);

    /// <summary>The next message not taken yet; for systems that run on threads.</summary>
    /// <exception cref="TimeoutException">None came.</exception>
    public async Task<TMessage> NextAsync() =>
        await _unread.Reader.ReadAsync().AsTask().WaitAsync(Patience).ConfigureAwait(false);

    /// <summary>The next message not taken yet, if one is there; for simulated systems.</summary>
    public bool TryNext(out TMessage? message) => _unread.Reader.TryRead(out message);

    private void Keep(TMessage message)
    {
        Volatile.Write(ref _received, _received.Add(message));
        _unread.Writer.TryWrite(message);
    }

    private sealed class Keeper(TestProbe<TMessage> probe) : Actor<TMessage>
    {
        public override void Handle(TMessage message, Effects effects) => probe.Keep(message);
    }
}
