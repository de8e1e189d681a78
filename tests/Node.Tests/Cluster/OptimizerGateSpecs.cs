using QTrade.Actors;
using QTrade.Actors.Work;
using QTrade.Broker;
using QTrade.Broker.InProcess;
using QTrade.Messages.Cluster;
using QTrade.Messages.Routing;
using QTrade.Node.Actors;
using QTrade.Node.Cluster;
using QTrade.Node.Tests.Actors;
using QTrade.Shared.Actors;

namespace QTrade.Node.Tests.Cluster;

/// <summary>An optimizer before a broker in virtual time, which delivers before it says that it does.</summary>
public sealed class OptimizerGateSpecs : IDisposable
{
    private const string Name = "n1.optimizer-1";

    private readonly ActorBench _bench = new();
    private readonly InProcessTransport _router;
    private readonly TestProbe<ISenderMessage> _sender;

    public OptimizerGateSpecs()
    {
        var broker = new InProcessBroker(_bench.Scheduler.Time);
        _router = new InProcessTransport(broker, "router");
        _sender = new TestProbe<ISenderMessage>(_bench.System, "sender");
        var threads = _bench.System.CreateWorkPool("solver", new WorkPoolOptions { Threads = 1 });
        var link = new ClusterLink { Transport = new HastyTransport(new InProcessTransport(broker, "n1"), _bench.Scheduler.Time), Roles = NodeRoles.Optimizer, Incarnation = 1, Version = "0" };
        _bench.System.Spawn(
            new Props<IRouterMessage>(() => new OptimizerGate(link, Name, _sender.Ref, router => new OptimizerActor(Name, router, threads, SnapshotSolver.Solve, _bench.Metrics))),
            "gate");
    }

    [Fact]
    public void A_snapshot_that_came_before_its_hop_was_subscribed_is_solved_once_it_is()
    {
        var snapshot = Snapshot();
        _bench.Run();
        _ = _router.PublishAsync(Hop.Solve(Name), snapshot);
        _bench.Run(HastyTransport.SaysSo / 2);
        Assert.Empty(_sender.Received);

        _bench.Run(HastyTransport.SaysSo);
        Assert.Single(_sender.Received.OfType<SendOver>(), said => said.Message is SnapshotSolved solved && solved.SnapshotId == snapshot.SnapshotId);
    }

    public void Dispose() => _bench.Dispose();

    private static SolveSnapshot Snapshot()
    {
        using var router = new RouterBench(TimeSpan.FromMilliseconds(200), Name);
        router.Router.Tell(new OptimizerReady(Name));
        router.Run(TimeSpan.FromSeconds(1));
        return Assert.Single(router.Given(Name));
    }
}
