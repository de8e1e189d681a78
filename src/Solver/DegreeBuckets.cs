namespace QTrade.Solver;

/// <summary>Tokens by degree, for eliminations that take one of the least next; of equal degrees the one that was put in last. A token's degree changes while it is out only.</summary>
internal sealed class DegreeBuckets
{
    private int count, least;
    private int[] head = [], next = [], previous = [], degree = [];

    /// <summary>So many tokens, all of degree 0 and out.</summary>
    public void Begin(int tokens)
    {
        count = tokens;
        least = 0;
        if (degree.Length < count)
        {
            int size = Math.Max(count, 2 * degree.Length);
            (head, next, previous, degree) = (new int[size + 1], new int[size], new int[size], new int[size]);
        }

        Array.Fill(head, -1, 0, count + 1);
        Array.Clear(degree, 0, count);
    }

    public int DegreeOf(int j) => degree[j];

    public void Join(int j) => degree[j]++;

    public void Part(int j) => degree[j]--;

    /// <summary>Puts all tokens in, so that of equal degrees the least number is the first.</summary>
    public void PutAllIn()
    {
        for (int j = count - 1; j >= 0; j--)
            PutIn(j);
    }

    public void PutIn(int j)
    {
        int bucket = BucketOf(j), first = head[bucket];
        (next[j], previous[j]) = (first, -1);
        if (first >= 0)
            previous[first] = j;
        head[bucket] = j;
        least = Math.Min(least, bucket);
    }

    public void TakeOut(int j)
    {
        if (next[j] >= 0)
            previous[next[j]] = previous[j];
        if (previous[j] >= 0)
            next[previous[j]] = next[j];
        else
            head[BucketOf(j)] = next[j];
    }

    /// <summary>A token of the least degree; there has to be one.</summary>
    public int Least()
    {
        while (head[least] < 0)
            least++;
        return head[least];
    }

    /// <summary>Where a pair counts as often as it is joined, degrees may be larger than there are tokens.</summary>
    private int BucketOf(int j) => Math.Min(degree[j], count);
}
