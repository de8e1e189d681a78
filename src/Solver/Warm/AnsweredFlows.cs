namespace QTrade.Solver.Warm;

/// <summary>
/// What pools that moved since the last answer traded in it: a pool that takes less now keeps less, and one that moves once more begins from the answer again, as in a session that loads it.
/// </summary>
internal sealed class AnsweredFlows
{
    private Flow[] flows = [];
    private int stamp = 1;

    private struct Flow
    {
        public int Mark;
        public int Leg;
        public double Tender;
    }

    /// <summary>Makes room for so many pools, of none of which anything is remembered.</summary>
    public void Begin(int pools)
    {
        if (flows.Length < pools)
            flows = new Flow[pools];
        Forget();
    }

    /// <summary>There is another answer: what pools keep now is what they trade in it.</summary>
    public void Forget() => stamp++;

    /// <summary>Remembers what a pool trades in the answer, where that is not remembered yet.</summary>
    public void Remember(int pool, int leg, double tender)
    {
        if (flows[pool].Mark != stamp)
            flows[pool] = new() { Mark = stamp, Leg = leg, Tender = tender };
    }

    /// <summary>The leg that trades in the answer, -1 for none, and its tender.</summary>
    public (int Leg, double Tender) Of(int pool, in WarmPool now) => flows[pool].Mark == stamp ? (flows[pool].Leg, flows[pool].Tender) : (now.KeptLeg, now.KeptTender);
}
