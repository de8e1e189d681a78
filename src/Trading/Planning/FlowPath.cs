namespace QTrade.Trading.Planning;

/// <summary>Flows one after the other, each taking what the one before receives.</summary>
/// <param name="Flows">The flows' places among all, in order.</param>
/// <param name="Start">What the first takes of its token so that no flow is passed.</param>
/// <param name="Available">What there was to start with.</param>
/// <param name="Narrowest">The flow that allows no more, by its place; -1 where no more was available to start with.</param>
internal sealed record FlowPath(int[] Flows, double Start, double Available, int Narrowest);
