using QTrade.Messages.Execution;
using QTrade.Trading.Execution;

namespace QTrade.Node.Actors;

/// <summary>Where actors leave what they show of themselves. Each entry is whole and immutable; read from any thread.</summary>
public sealed class StatusBoard
{
    private static readonly ExecutorState NoExecutor = ExecutorState.Initial(new RiskLimits(0, 0, 1));

    private RouterReport _router = RouterReport.None;
    private ExecutorState _executor = NoExecutor;

    public RouterReport Router
    {
        get => Volatile.Read(ref _router);
        set => Volatile.Write(ref _router, value);
    }

    public ExecutorState Executor
    {
        get => Volatile.Read(ref _executor);
        set => Volatile.Write(ref _executor, value);
    }
}
