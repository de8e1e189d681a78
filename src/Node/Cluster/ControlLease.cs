using QTrade.Trading.Cluster;

namespace QTrade.Node.Cluster;

/// <summary>
/// Whether this node would hear a halt that is ordered elsewhere: it hears its own announcements come back from the broker, said lately. What counts is
/// when they were said: one that lay in a buffer while the process stood still tells nothing of now. Used from any thread.
/// </summary>
public sealed class ControlLease
{
    private const int Remembered = 64;

    private readonly (long Number, TimeSpan At)[] _said = new (long, TimeSpan)[Remembered];
    private long _heard = long.MinValue;

    /// <summary>An announcement is said now. Called by one actor, as is <see cref="Hear"/>.</summary>
    public void Say(long number, TimeSpan now) => _said[number % Remembered] = (number, now);

    /// <summary>It came back.</summary>
    public void Hear(long number)
    {
        var said = _said[number % Remembered];
        if (said.Number == number && said.At.Ticks > Volatile.Read(ref _heard))
            Volatile.Write(ref _heard, said.At.Ticks);
    }

    /// <summary>Whether a halt ordered <see cref="ClusterTiming.ControlSilence"/> ago has been heard.</summary>
    public bool IsHeard(TimeSpan now) => Volatile.Read(ref _heard) is var heard && heard != long.MinValue && now.Ticks - heard < ClusterTiming.ControlSilence.Ticks;
}
