using QTrade.Markets;

namespace QTrade.Node.Simulation;

/// <summary>
/// What a unit of each token is worth as the chain begins: its market value where it has one, otherwise what the pools say, walking
/// from the valued tokens through the deepest pool first (Prim), so that thin pools price nothing that deep ones know.
/// </summary>
internal static class ReferenceValues
{
    /// <param name="market">The market as the chain begins.</param>
    /// <param name="edges">Marginal prices and depths of all pools' token pairs.</param>
    /// <returns>Per token a value above 0. A part of the market without any valued token counts in units of its first token.</returns>
    public static double[] Of(Market market, IReadOnlyList<PriceEdge> edges)
    {
        var values = new double[market.Tokens.Length];
        var byToken = new List<int>[values.Length];
        for (var token = 0; token < values.Length; token++)
        {
            values[token] = market.Tokens[token].Value;
            byToken[token] = [];
        }

        for (var edge = 0; edge < edges.Count; edge++)
        {
            byToken[edges[edge].Token0].Add(edge);
            byToken[edges[edge].Token1].Add(edge);
        }

        var reachable = new PriorityQueue<int, (double NegativeDepth, int Edge)>();
        for (var token = 0; token < values.Length; token++)
        {
            if (values[token] > 0)
                Reach(token);
        }

        Spread();
        for (var token = 0; token < values.Length; token++)
        {
            if (values[token] > 0)
                continue;
            values[token] = 1;
            Reach(token);
            Spread();
        }

        return values;

        void Reach(int token)
        {
            foreach (var index in byToken[token])
            {
                var edge = edges[index];
                var depth = token == edge.Token0 ? edge.Depth0 * values[token] : edge.Depth1 * values[token];
                reachable.Enqueue(index, (-depth, index));
            }
        }

        void Spread()
        {
            while (reachable.TryDequeue(out var index, out _))
            {
                var edge = edges[index];
                var (known, unknown) = values[edge.Token0] > 0 ? (edge.Token0, edge.Token1) : (edge.Token1, edge.Token0);
                if (values[unknown] > 0)
                    continue;
                var value = known == edge.Token0 ? values[known] / edge.Price : values[known] * edge.Price;
                if (value is > 0 and < double.PositiveInfinity)
                {
                    values[unknown] = value;
                    Reach(unknown);
                }
            }
        }
    }
}
