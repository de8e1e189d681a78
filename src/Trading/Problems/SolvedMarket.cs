using QTrade.Markets;
using QTrade.Solver;

namespace QTrade.Trading.Problems;

/// <summary>A market with the problem made of it, the solver's answer and the result under the market's own names.</summary>
public sealed record SolvedMarket(Market Market, RoutingProblem Problem, RoutingSolution Solution, MarketResult Result);
