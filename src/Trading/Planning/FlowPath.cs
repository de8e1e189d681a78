namespace QTrade.Trading.Planning;

/// <summary>Flows one after the other, each taking what the one before receives.</summary>
/// <param name="Flows">The flows, in order.</param>
/// <param name="Start">What the first takes of its token so that no flow is passed.</param>
/// <param name="Available">What there was to start with.</param>
/// <param name="Narrowest">The flow that allows no more; null where no more was available to start with.</param>
internal sealed record FlowPath(PoolFlow[] Flows, double Start, double Available, PoolFlow? Narrowest)
{
    /// <summary>What is sent: more than <see cref="Start"/> leaves something behind on the way.</summary>
    public double Sent { get; init; } = Start;

    /// <summary>What arrives of an amount at the end.</summary>
    public double Arriving(double amount)
    {
        foreach (var flow in Flows)
            amount = flow.Through(amount);
        return amount;
    }

    /// <summary>The path with as much as its flows and what is available allow.</summary>
    public static FlowPath Of(PoolFlow[] flows, double available)
    {
        // Back from the end: a flow takes no more than the next one can.
        var (needed, narrowest) = (flows[^1].Tender, flows[^1]);
        for (var leg = flows.Length - 2; leg >= 0; leg--)
        {
            if (needed >= flows[leg].Receive)
                (needed, narrowest) = (flows[leg].Tender, flows[leg]);
            else
                needed = flows[leg].For(needed);
        }

        return available < needed
            ? new FlowPath(flows, available, available, null)
            : new FlowPath(flows, needed, available, narrowest);
    }
}
