namespace QTrade.Solver;

/// <summary>Chains of legs that bring tokens what they are short of.</summary>
internal sealed partial class FeasibleTrade
{
    /// <summary>Brings every token that is short by more than dust what it lacks, and so on along the chain; one that nothing reaches stays short.</summary>
    private void SupplyShortTokens()
    {
        enters.AsSpan(0, point.NodeCount).Fill(true);
        for (int leg = 0; leg < point.LegCount; leg++)
            slope[leg] = LossOf(leg);
        long most = supply.Relaxed + MostRelaxed;
        for (int supplied = 0; supplied < 2 * point.NodeCount && supply.Relaxed < most; supplied++)
        {
            int j = 0;
            while (j < point.NodeCount && !(enters[j] && balance[j].Hi < -Dust * gross[j]))
                j++;
            if (j == point.NodeCount)
                return;
            enters[j] = Supply(j);
        }
    }

    private bool Supply(int shortToken)
    {
        double lack = -balance[shortToken].Hi;
        double worth = lack * point.Price[shortToken];
        for (int j = 0; j < point.NodeCount; j++)
            leaves[j] = balance[j].Hi > 0 && balance[j].Hi * point.Price[j] > 2 * worth;
        bool sent = false;
        int attempts = 0;
        for (; attempts < SupplyAttempts && !sent; attempts++)
        {
            int leg = supply.Find(point, shortToken, slope.AsSpan(0, point.LegCount), leaves.AsSpan(0, point.NodeCount));
            if (leg < 0)
                break;
            narrow[attempts] = Send(leg, shortToken, lack);
            sent = narrow[attempts] < 0;
            if (!sent)
                slope[narrow[attempts]] = double.PositiveInfinity;
        }

        for (int i = 0; i < attempts; i++)
        {
            if (narrow[i] >= 0)
                slope[narrow[i]] = LossOf(narrow[i]);
        }

        return sent;
    }

    /// <summary>Part of the tender's worth that a leg's best price loses; infinity for a leg without room or whose pool trades the other way.</summary>
    private double LossOf(int leg)
    {
        int l = point.GraphLeg[leg], o = graph.LegOpposite[l];
        if (!(Tender[leg] < MostTender(leg)) || (o >= 0 && graph.LegAlive[o] && Tender[legOfGraph[o]] > 0))
            return double.PositiveInfinity;
        return Math.Max(0, 1 - graph.LegBest[l] * point.Price[point.LegTo[leg]] / point.Price[point.LegFrom[leg]]);
    }

    /// <summary>Sends along the chain from <paramref name="firstLeg"/> so much that <paramref name="lack"/> arrives. Answers the leg that is too narrow, or -1.</summary>
    private int Send(int firstLeg, int shortToken, double lack)
    {
        chainLength = 0;
        for (int leg = firstLeg; ; leg = supply.LegAfter(point.LegTo[leg]))
        {
            chain[chainLength++] = leg;
            if (point.LegTo[leg] == shortToken)
                break;
        }

        double need = lack;
        for (int i = chainLength - 1; i >= 0; i--)
        {
            double tender = TenderFor(chain[i], received[chain[i]] + need);
            if (!double.IsFinite(tender))
                return chain[i];
            direction[i] = tender;
            need = tender - Tender[chain[i]];
        }

        for (int i = 0; i < chainLength; i++)
        {
            int leg = chain[i], opposite = graph.LegOpposite[point.GraphLeg[leg]];
            Tender[leg] = direction[i];
            QuoteOf(leg, direction[i]);
            QuoteAlone(leg);
            slope[leg] = LossOf(leg);
            if (opposite >= 0 && graph.LegAlive[opposite])
                slope[legOfGraph[opposite]] = LossOf(legOfGraph[opposite]);
        }

        Sum();
        return -1;
    }

    /// <summary>The tender for which at least so much is received, infinity where the leg never gives so much. From below: quotes are concave.</summary>
    private double TenderFor(int leg, double wanted)
    {
        double most = MostTender(leg);
        double tender = Math.Max(Tender[leg], wanted / graph.LegBest[point.GraphLeg[leg]]);
        for (int round = 0; round < InverseRounds && tender <= most; round++)
        {
            double receive = ReceiveOf(leg, tender);
            if (receive >= wanted)
                return tender;
            tender *= Math.Max(wanted / receive, 1 + 1e-15) * (1 + 1e-15);
        }

        return double.PositiveInfinity;
    }
}
