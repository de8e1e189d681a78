using QTrade.Markets;
using QTrade.Messages.Routing;

namespace QTrade.Trading.Execution;

/// <summary>What execution reckons with.</summary>
/// <param name="Units">What amounts count.</param>
/// <param name="Routes">Costs, least profit and working capital; the planner's own.</param>
public sealed record ExecutionTerms(AmountUnit Units, RouteOptions Routes);
