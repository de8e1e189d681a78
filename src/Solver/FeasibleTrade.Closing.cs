namespace QTrade.Solver;

/// <summary>Balances are closed: by Newton corrections over the legs that trade, and where those do not suffice by scaling and cutting.</summary>
internal sealed partial class FeasibleTrade
{
    /// <summary>
    /// Newton corrections: token by token the balance is moved to a small margin where it is short, or where what is left over could earn more
    /// elsewhere; slack tokens take what comes. Quotes are those of doubles until these balance, then the exact ones. Answers whether no token is short at
    /// the end.
    /// </summary>
    private bool Correct()
    {
        double margin = exact ? LeastMargin : QuoteMargin;
        double waste = 1e-13 * Math.Max(Math.Abs(point.Objective), 1e-4) / Math.Max(1, point.NodeCount);
        for (int pass = 0; pass < Corrections; pass++)
        {
            if (pass > 0 && !AnyShort())
            {
                if (exact)
                    return true;
                QuoteExactly();
                if (!AnyShort() && !AnyWasted(10 * waste))
                    return true;
                margin = LeastMargin;
            }

            FactorTradingLegs();
            for (int j = 0; j < point.NodeCount; j++)
            {
                double over = balance[j].Hi - margin * gross[j];
                bool wasted = point.Premium[j] * over > waste;
                direction[j] = over < 0 || wasted ? -over * point.Price[j] : 0;
            }

            point.Matrix.Solve(direction.AsSpan(0, point.NodeCount));
            for (int leg = 0; leg < point.LegCount; leg++)
            {
                if (Tender[leg] == 0)
                    continue;
                int a = point.LegFrom[leg], b = point.LegTo[leg];
                double change = conductance[leg] * (Worth(leg) * direction[b] - point.Price[a] * direction[a]);
                if (double.IsFinite(change))
                    Tender[leg] = Math.Clamp(Tender[leg] + change, 0, MostTender(leg));
            }

            Quote();
            Prune();
            margin *= 1.5;
        }

        QuoteExactly();
        return !AnyShort();
    }

    private void QuoteExactly()
    {
        if (exact)
            return;
        exact = true;
        Quote();
    }

    private bool AnyWasted(double worth)
    {
        for (int j = 0; j < point.NodeCount; j++)
        {
            if (point.Premium[j] * balance[j].Hi > worth)
                return true;
        }

        return false;
    }

    private void FactorTradingLegs()
    {
        GroundedLaplacian matrix = point.Matrix;
        matrix.Clear();
        for (int j = 0; j < point.NodeCount; j++)
        {
            double slack = Math.Max(balance[j].Hi, 0) + Leak * gross[j];
            matrix.AddExcess(j, point.Price[j] * point.Price[j] * (slack / point.Premium[j]));
        }

        for (int leg = 0; leg < point.LegCount; leg++)
        {
            if (Tender[leg] == 0)
                continue;
            int a = point.LegFrom[leg], b = point.LegTo[leg];
            double alpha = Worth(leg), beta = point.Price[a], k = conductance[leg];
            matrix.AddWeight(point.LegSlot[leg], k * alpha * beta);
            matrix.AddExcess(b, k * alpha * (alpha - beta));
            matrix.AddExcess(a, -k * beta * (alpha - beta));
        }

        matrix.Factor();
    }

    private double Worth(int leg) => point.Price[point.LegTo[leg]] * marginal[leg];

    /// <summary>Scales the tenders of short tokens down to what they receive, round after round.</summary>
    private bool ScaleShortTokens()
    {
        for (int round = 0; round < ScalingRounds && AnyShort(); round++)
        {
            direction.AsSpan(0, point.NodeCount).Clear();
            for (int leg = 0; leg < point.LegCount; leg++)
                direction[point.LegFrom[leg]] += Tender[leg];
            for (int j = 0; j < point.NodeCount; j++)
                direction[j] = balance[j].Hi >= 0 ? 1 : Math.Clamp((direction[j] + balance[j].Hi) / direction[j] * (1 - 1e-14), 0, 1);

            for (int leg = 0; leg < point.LegCount; leg++)
                Tender[leg] *= direction[point.LegFrom[leg]];
            Quote();
            Prune();
        }

        return !AnyShort();
    }

    /// <summary>The last resort: what is still short by more than a printed trade may be is not tendered at all.</summary>
    private void CutShortTokens()
    {
        bool cut = true;
        for (int round = 0; cut; round++)
        {
            cut = false;
            if (round == FirstRounds)
                ListLegs();
            for (int leg = 0; leg < point.LegCount; leg++)
            {
                if (Tender[leg] == 0 || !IsTooShort(point.LegFrom[leg]))
                    continue;
                cut = true;
                if (round < FirstRounds)
                    Tender[leg] = received[leg] = 0;
                else
                    CutFrom(point.LegFrom[leg]);
            }

            Sum();
        }
    }

    private bool IsTooShort(int j) => balance[j].Hi < -Tolerated * gross[j];

    /// <summary>Cuts what leaves a token and, at once, what those are short of that it went to, so that a long chain does not take as many rounds.</summary>
    private void CutFrom(int shortToken)
    {
        openCount = 0;
        open[openCount++] = shortToken;
        while (openCount > 0)
        {
            int j = open[--openCount];
            for (int leg = firstOut[j]; leg >= 0; leg = nextOut[leg])
            {
                if (Tender[leg] == 0)
                    continue;
                int to = point.LegTo[leg];
                bool before = IsTooShort(to);
                balance[j] += Tender[leg];
                balance[to] += -received[leg];
                gross[j] -= Tender[leg];
                gross[to] -= received[leg];
                Tender[leg] = received[leg] = 0;
                if (!before && IsTooShort(to) && openCount < open.Length)
                    open[openCount++] = to;
            }
        }
    }

    private void TradeNothing()
    {
        exact = true;
        Tender.AsSpan(0, point.LegCount).Clear();
        Quote();
        Profit = 0;
    }
}
