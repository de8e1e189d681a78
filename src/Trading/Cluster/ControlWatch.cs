using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Trading.Execution;

namespace QTrade.Trading.Cluster;

/// <summary>
/// What control lets an executor do. Halted until control was heard for the first time, and whenever it was not heard for
/// <see cref="ClusterTiming.ControlSilence"/>; heartbeats older than one heard change nothing. Mutable, and owned by the executor.
/// </summary>
public sealed class ControlWatch
{
    private static readonly TradingStateReason Unread = new(ReasonCode.ControlUnread, "what executors may do has not been read yet");

    private TimeSpan heard;

    /// <summary>The newest heartbeat; null where none was heard.</summary>
    public ControlHeartbeat? Newest { get; private set; }

    /// <summary>Heartbeats passed over: repeated, or of a teller that was replaced.</summary>
    public long Stale { get; private set; }

    /// <summary>How often control fell silent.</summary>
    public long Silences { get; private set; }

    private bool IsSilent { get; set; }

    /// <summary>Control spoke.</summary>
    /// <returns>Whether it told anything newer.</returns>
    public bool Hear(ControlHeartbeat heartbeat, TimeSpan now)
    {
        if (Newest is { } newest && (heartbeat.Epoch, heartbeat.Number).CompareTo((newest.Epoch, newest.Number)) <= 0)
        {
            Stale++;
            return false;
        }

        Newest = heartbeat;
        heard = now;
        IsSilent = false;
        return true;
    }

    /// <summary>What the executor may do now, and why.</summary>
    public (TradingState State, TradingStateReason Reason) InForce(TimeSpan now)
    {
        if (Newest is not { } newest)
            return (TradingState.Halted, Unread);
        if (now - heard < ClusterTiming.ControlSilence)
            return (newest.State, new TradingStateReason(newest.Reason, newest.Detail) { By = newest.By });
        if (!IsSilent)
            Silences++;
        IsSilent = true;
        return (TradingState.Halted, new TradingStateReason(ReasonCode.ControlSilent, $"control was not heard for {ClusterTiming.ControlSilence.TotalSeconds} s"));
    }

    /// <summary>The state that allows less.</summary>
    public static TradingState Stricter(TradingState one, TradingState other) => (TradingState)Math.Max((int)one, (int)other);
}
