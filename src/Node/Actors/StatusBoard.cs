using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Trading.Execution;

namespace QTrade.Node.Actors;

/// <summary>Where actors leave what they show of themselves. Each entry is whole and immutable; read from any thread.</summary>
public sealed class StatusBoard
{
    private static readonly ExecutorState NoExecutor = ExecutorState.Initial(new RiskLimits(0, 0, 1));

    private RouterReport _router = RouterReport.None;
    private ExecutorState _executor = NoExecutor;
    private ControlHeartbeat? _control;
    private OfferStatus _offers = OfferStatus.None;
    private RiskTold? _risk;
    private TradingStateReason? _unleased;
    private NodesHeard? _nodes;
    private int _acting, _poolsHeard;
    private bool _executing;

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

    /// <summary>How snapshots travelled to optimizers on other nodes.</summary>
    public OfferStatus Offers
    {
        get => Volatile.Read(ref _offers);
        set => Volatile.Write(ref _offers, value);
    }

    /// <summary>What the executor of another node last said that executors may do; null where none did, or this node's acts.</summary>
    public ControlHeartbeat? Control
    {
        get => Volatile.Read(ref _control);
        set => Volatile.Write(ref _control, value);
    }

    /// <summary>How the loss limit that executors share stands, as was last told; null before.</summary>
    public RiskTold? Risk
    {
        get => Volatile.Read(ref _risk);
        set => Volatile.Write(ref _risk, value);
    }

    /// <summary>Why this node's executor begins nothing: it has no slice of the shared loss limit; null where it has one, or does not act.</summary>
    public TradingStateReason? Unleased
    {
        get => Volatile.Read(ref _unleased);
        set => Volatile.Write(ref _unleased, value);
    }

    /// <summary>The nodes of the cluster as this one hears them; null before the first look, and where there is no cluster.</summary>
    public NodesHeard? Nodes
    {
        get => Volatile.Read(ref _nodes);
        set => Volatile.Write(ref _nodes, value);
    }

    /// <summary>Of the roles that one node at a time acts in, those that this one acts in.</summary>
    public NodeRoles Acting
    {
        get => (NodeRoles)Volatile.Read(ref _acting);
        set => Volatile.Write(ref _acting, (int)value);
    }

    /// <summary>Pools of the cluster's market that are configured and were observed, as this node hears of them.</summary>
    public int PoolsHeard
    {
        get => Volatile.Read(ref _poolsHeard);
        set => Volatile.Write(ref _poolsHeard, value);
    }

    /// <summary>Whether this node's executor is the one that acts.</summary>
    public bool IsExecuting
    {
        get => Volatile.Read(ref _executing);
        set => Volatile.Write(ref _executing, value);
    }

    /// <summary>Whether an executor of this node has shown its state.</summary>
    public bool IsExecutorShown => !ReferenceEquals(Executor, NoExecutor);
}
