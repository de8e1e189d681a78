using System.Collections.Immutable;
using QTrade.Messages;
using QTrade.Messages.Routing;

namespace QTrade.Trading.Planning;

/// <summary>What of a solution can be executed.</summary>
/// <param name="Routes">The routes, in the order they run.</param>
/// <param name="Unrouted">Why there is no route; <see cref="ReasonCode.None"/> where there is one.</param>
public sealed record RoutePlan(ImmutableArray<Route> Routes, ReasonCode Unrouted);
