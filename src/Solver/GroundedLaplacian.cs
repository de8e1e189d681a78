using QTrade.Solver.Arithmetic;
using static QTrade.Solver.Growing;

namespace QTrade.Solver;

/// <summary>
/// Factors and solves (Laplacian of weights w_ij >= 0, plus a diagonal excess e) x = b, the Newton system of the routing problem. Weights and
/// excess are kept apart and the diagonal d = e + sum w is only ever summed, w_ij += w_ik w_jk / d, e_j += w_jk e_k / d, so nothing cancels over
/// many orders of weights. The elimination order is minimum degree with a static schedule; once what is left is complete it is
/// stored as a dense triangle. Where that would fill in far more than the links there are, as in a large market without hubs, nothing is eliminated and <see cref="IterativeLaplacian"/> solves.
/// </summary>
internal sealed class GroundedLaplacian
{
    /// <summary>A pivot below this part of its weights is rounding: the matrix is positive definite.</summary>
    private const double LeastPivot = 1e-14;

    /// <summary>Updates of weights that an elimination may take: any number up to the first, so many per link above it, and never more than the last, whose schedule takes 128 MiB.</summary>
    private const int FewUpdates = 1 << 22;
    private const int UpdatesPerLink = 1000;
    private const int MostUpdates = 1 << 25;

    /// <summary>The same for pairs that are joined, by links or by eliminations.</summary>
    private const int FewEntries = 1 << 20;
    private const int EntriesPerLink = 16;

    /// <summary>Steps up the elimination tree per entry above which differences are not summed along it: a ring of tokens is one branch, and nearly every entry reaches over most of it.</summary>
    private const int StepsPerEntry = 32;

    private int count;
    private int sparse;
    private IterativeLaplacian? iterative;
    private bool isIterative, isDeep;
    private int[] position = [];
    private int[] columnStart = [];
    private int[] row = [];
    private int[] target = [];
    private double[] initial = [];
    private double[] weight = [];
    private double[] excess = [];
    private double[] diagonal = [];
    private double[] work = [];
    private double[] step = [];
    private double[] rounded = [];
    private int[] above = [];
    private int[] token = [];

    // Elimination graph: an entry per pair of tokens that a link or an elimination joins, found by hash, chained at both of its tokens.
    private int entryCount;
    private int[] entryLow = [];
    private int[] entryHigh = [];
    private int[] entrySlot = [];
    private int[] entryNext = [];
    private int[] firstEntry = [];
    private int[] table = [];
    private int tableShift;
    private int tableMask;
    private int[] linkEntry = [];
    private int[] around = [];
    private readonly DegreeBuckets waiting = new();

    /// <summary>Orders the tokens 0..tokens-1 that the links (from, to) join, and lays the schedule.</summary>
    public void Analyze(int tokens, ReadOnlySpan<int> from, ReadOnlySpan<int> to)
    {
        count = tokens;
        Grow();
        ClearTable(from.Length);
        Reserve(ref linkEntry, from.Length);
        for (int e = 0; e < from.Length; e++)
            linkEntry[e] = EntryOf(from[e], to[e]);
        int joined = entryCount;
        isIterative = !TryEliminate(Math.Clamp(UpdatesPerLink * (long)joined, FewUpdates, MostUpdates), Math.Max(EntriesPerLink * (long)joined, FewEntries));
        if (isIterative)
            KeepEntries(joined);
        else
            LaySchedule();
    }

    /// <summary>Makes room for graphs of so many tokens and links that elimination fills in a few times over, so that analyzing one allocates nothing.</summary>
    public void MakeRoom(int tokens, int links)
    {
        const int Filled = 4, Updated = 16;
        int entries = Filled * links;
        count = tokens;
        Grow();
        waiting.Begin(tokens);
        SizeTable(BitsFor(entries));
        Reserve(ref linkEntry, links);
        Reserve(ref entryLow, entries);
        Reserve(ref entryHigh, entries);
        Reserve(ref entrySlot, entries);
        Reserve(ref entryNext, 2 * entries);
        Reserve(ref row, entries);
        Reserve(ref initial, entries);
        Reserve(ref weight, entries);
        Reserve(ref target, Updated * links);
    }

    /// <summary>Where the weight of the n-th link of <see cref="Analyze"/> is kept.</summary>
    public int SlotOfLink(int link) => entrySlot[linkEntry[link]];

    /// <summary>Where the weight between two tokens is kept.</summary>
    public int Slot(int a, int b) => entrySlot[EntryOf(a, b)];

    /// <summary>Sets all weights and excesses to zero.</summary>
    public void Clear()
    {
        Array.Clear(initial, 0, columnStart[count]);
        Array.Clear(excess, 0, count);
    }

    /// <summary>Sets all excesses to zero; a factorization leaves the weights as they were added, not the excesses.</summary>
    public void ClearExcess() => Array.Clear(excess, 0, count);

    /// <summary>Puts a weight in another's place; false where rounding left less of it than it is.</summary>
    public bool TryChange(int slot, double old, double now) => (initial[slot] += now - old) >= 0.999 * now;

    public void AddWeight(int slot, double value) => initial[slot] += value;

    public void AddExcess(int token, double value) => excess[position[token]] += value;

    public void Factor()
    {
        if (isIterative)
            (iterative ??= new()).Factor(count, entryCount, entryLow, entryHigh, initial, excess);
        else
            FactorByElimination();
    }

    private void FactorByElimination()
    {
        int[] rows = row;
        double[] w = weight;
        Array.Copy(initial, w, columnStart[count]);
        int next = 0;
        for (int k = 0; k < count; k++)
        {
            int start = columnStart[k], end = columnStart[k + 1];
            double sum = 0;
            for (int p = start; p < end; p++)
                sum += w[p];
            double d = excess[k] + sum;
            if (!(d > LeastPivot * sum))
                d = sum > 0 ? LeastPivot * sum : excess[k] != 0 ? Math.Abs(excess[k]) : 1;
            diagonal[k] = d;
            double e = excess[k] / d;
            for (int p = start; p < end; p++)
            {
                double wp = w[p];
                excess[rows[p]] += wp * e;
                double factor = wp / d;
                if (k < sparse)
                {
                    for (int q = p + 1; q < end; q++)
                        w[target[next++]] += factor * w[q];
                }
                else
                {
                    LaneRows.AddScaled(w.AsSpan(columnStart[rows[p]], end - p - 1), w.AsSpan(p + 1, end - p - 1), factor);
                }
            }
        }
    }

    /// <summary>
    /// Solves in place; entries by token. Every entry is found as its difference from the next one up the elimination tree,
    /// d_k (x_k - x_p) = b_k + sum w_i (x_i - x_p) - e_k x_p, so that <see cref="Difference"/> keeps its digits where entries agree in theirs.
    /// </summary>
    public void Solve(Span<double> x)
    {
        if (isIterative)
        {
            iterative!.Solve(x);
            x.CopyTo(work);
            return;
        }

        double[] b = work;
        for (int j = 0; j < count; j++)
            b[position[j]] = x[j];
        for (int k = 0; k < count; k++)
        {
            double part = b[k] / diagonal[k];
            for (int p = columnStart[k]; p < columnStart[k + 1]; p++)
                b[row[p]] += weight[p] * part;
        }

        for (int k = count - 1; k >= 0; k--)
        {
            int start = columnStart[k], end = columnStart[k + 1];
            if (start == end)
            {
                above[k] = -1;
                b[k] /= diagonal[k];
                rounded[k] = 0;
                continue;
            }

            int at = row[start];
            above[k] = at;
            double sum = b[k] - excess[k] * b[at];
            double away = 0;
            for (int p = start + 1; p < end; p++)
            {
                if (isDeep)
                {
                    away = Between(row[p], at);
                }
                else
                {
                    for (int i = row[p]; at != i; at = above[at])
                        away -= step[at];
                }

                sum += weight[p] * away;
            }

            step[k] = sum / diagonal[k];
            b[k] = b[above[k]] + step[k];
            if (isDeep)
                rounded[k] = rounded[above[k]] + DoubleDouble.Sum(b[above[k]], step[k]).Lo;
        }

        for (int j = 0; j < count; j++)
            x[j] = b[position[j]];
    }

    /// <summary>x_a - x_b of the last solution, for two tokens that a weight joins.</summary>
    public double Difference(int a, int b)
    {
        int i = position[a], j = position[b];
        double direct = work[i] - work[j];
        if (isIterative || Math.Abs(direct) > 1e-4 * (Math.Abs(work[i]) + Math.Abs(work[j])))
            return direct;
        if (isDeep)
            return Between(i, j);
        int low = Math.Min(i, j), high = Math.Max(i, j);
        double sum = 0;
        for (int at = low; at != high; at = above[at])
            sum += step[at];
        return i < j ? sum : -sum;
    }

    /// <summary>x_i - x_j of entries with what rounding took from them.</summary>
    private double Between(int i, int j) => work[i] - work[j] + (rounded[i] - rounded[j]);

    private void Grow()
    {
        if (position.Length >= count && columnStart.Length > count)
            return;
        int size = Math.Max(count, 2 * position.Length);
        Array.Resize(ref position, size);
        Array.Resize(ref columnStart, size + 1);
        Array.Resize(ref excess, size);
        Array.Resize(ref diagonal, size);
        Array.Resize(ref work, size);
        Array.Resize(ref step, size);
        Array.Resize(ref rounded, size);
        Array.Resize(ref above, size);
        Array.Resize(ref token, size);
        Array.Resize(ref firstEntry, size);
        Array.Resize(ref around, size);
    }

    private void ClearTable(int links)
    {
        SizeTable(BitsFor(links));
        entryCount = 0;
        Array.Fill(firstEntry, -1, 0, count);
        waiting.Begin(count);
    }

    /// <summary>The entry of a pair of tokens, made where it does not exist yet.</summary>
    private int EntryOf(int a, int b)
    {
        (int low, int high) = a < b ? (a, b) : (b, a);
        int place = Place(low, high);
        for (; table[place] != 0; place = (place + 1) & tableMask)
        {
            int known = table[place] - 1;
            if (entryLow[known] == low && entryHigh[known] == high)
                return known;
        }

        int entry = entryCount++;
        Reserve(ref entryLow, entryCount);
        Reserve(ref entryHigh, entryCount);
        Reserve(ref entrySlot, entryCount);
        Reserve(ref entryNext, 2 * entryCount);
        entryLow[entry] = low;
        entryHigh[entry] = high;
        entryNext[2 * entry] = firstEntry[low];
        firstEntry[low] = 2 * entry;
        entryNext[(2 * entry) + 1] = firstEntry[high];
        firstEntry[high] = (2 * entry) + 1;
        waiting.Join(low);
        waiting.Join(high);
        table[place] = entry + 1;
        if (2 * entryCount > tableMask)
            Rehash();
        return entry;
    }

    private int Place(int low, int high) => (int)((((ulong)(uint)low << 32) | (uint)high) * 0x9E3779B97F4A7C15UL >> tableShift);

    private static int BitsFor(int links)
    {
        int bits = 6;
        while (1L << bits < 3L * links)
            bits++;
        return bits;
    }

    private void SizeTable(int bits)
    {
        tableShift = 64 - bits;
        tableMask = (1 << bits) - 1;
        if (table.Length <= tableMask)
            table = new int[tableMask + 1];
        else
            Array.Clear(table, 0, tableMask + 1);
    }

    private void Rehash()
    {
        SizeTable(65 - tableShift);
        for (int entry = 0; entry < entryCount; entry++)
        {
            int place = Place(entryLow[entry], entryHigh[entry]);
            while (table[place] != 0)
                place = (place + 1) & tableMask;
            table[place] = entry + 1;
        }
    }

    /// <summary>Every weight is kept where its entry is, and tokens are in their own order.</summary>
    private void KeepEntries(int entries)
    {
        entryCount = entries;
        for (int j = 0; j < count; j++)
            position[j] = j;
        for (int entry = 0; entry < entries; entry++)
            entrySlot[entry] = entry;
        columnStart[count] = entries;
        Reserve(ref initial, entries);
    }

    /// <summary>Minimum degree until what is left is complete; records every pivot's remaining neighbours. False where that takes more updates of weights, or joins more pairs, than it may.</summary>
    private bool TryEliminate(long mostUpdates, long mostEntries)
    {
        Array.Fill(position, -1, 0, count);
        waiting.PutAllIn();
        int done = 0;
        columnStart[0] = 0;
        while (done < count)
        {
            int pivot = waiting.Least();
            if (waiting.DegreeOf(pivot) == count - done - 1)
                break;
            waiting.TakeOut(pivot);
            position[pivot] = done;
            int start = columnStart[done], size = 0;
            Reserve(ref row, start + waiting.DegreeOf(pivot));
            for (int link = firstEntry[pivot]; link >= 0; link = entryNext[link])
            {
                int other = (link & 1) == 0 ? entryHigh[link >> 1] : entryLow[link >> 1];
                if (position[other] >= 0)
                    continue;
                around[size] = other;
                row[start + size++] = link >> 1;
            }

            mostUpdates -= size * (size - 1L) / 2;
            if (mostUpdates < 0 || entryCount > mostEntries)
                return false;
            columnStart[++done] = start + size;
            for (int p = 0; p < size; p++)
            {
                waiting.TakeOut(around[p]);
                waiting.Part(around[p]);
            }

            for (int p = 0; p < size; p++)
            {
                for (int q = p + 1; q < size; q++)
                    _ = EntryOf(around[p], around[q]);
            }

            for (int p = 0; p < size; p++)
                waiting.PutIn(around[p]);
        }

        sparse = done;
        for (int j = 0; j < count; j++)
        {
            if (position[j] < 0)
                position[j] = done++;
            token[position[j]] = j;
        }

        return true;
    }

    private void LaySchedule()
    {
        for (int k = sparse; k < count; k++)
        {
            int start = columnStart[k];
            int size = count - k - 1;
            Reserve(ref row, start + size);
            for (int p = 0; p < size; p++)
                row[start + p] = k + 1 + p;
            columnStart[k + 1] = start + size;
        }

        int updates = 0;
        for (int k = 0; k < sparse; k++)
        {
            SortColumn(k);
            int size = columnStart[k + 1] - columnStart[k];
            updates += size * (size - 1) / 2;
        }

        for (int entry = 0; entry < entryCount; entry++)
        {
            int i = position[entryLow[entry]], j = position[entryHigh[entry]];
            if (Math.Min(i, j) >= sparse)
                entrySlot[entry] = columnStart[Math.Min(i, j)] + Math.Abs(i - j) - 1;
        }

        Reserve(ref target, updates);
        Reserve(ref initial, columnStart[count]);
        Reserve(ref weight, columnStart[count]);
        int next = 0;
        for (int k = 0; k < sparse; k++)
        {
            for (int p = columnStart[k]; p < columnStart[k + 1]; p++)
            {
                for (int q = p + 1; q < columnStart[k + 1]; q++)
                    target[next++] = Slot(token[row[p]], token[row[q]]);
            }
        }

        isDeep = StepsUpTheTree() > StepsPerEntry * (long)columnStart[count];
    }

    /// <summary>From every column's first entry up the elimination tree to its last, all together.</summary>
    private long StepsUpTheTree()
    {
        // Nothing is around a token any more.
        int[] depth = around;
        long steps = 0;
        for (int k = count - 1; k >= 0; k--)
        {
            int start = columnStart[k], end = columnStart[k + 1];
            depth[k] = start == end ? 0 : depth[row[start]] + 1;
            steps += start == end ? 0 : depth[row[start]] - depth[row[end - 1]];
        }

        return steps;
    }

    /// <summary>Puts a column's entries in the order of their rows and notes where they are kept.</summary>
    private void SortColumn(int k)
    {
        int start = columnStart[k], end = columnStart[k + 1];
        for (int p = start; p < end; p++)
        {
            int entry = row[p];
            int at = Math.Max(position[entryLow[entry]], position[entryHigh[entry]]);
            int q = p;
            for (; q > start && row[q - 1] > at; q--)
            {
                row[q] = row[q - 1];
                around[q - start] = around[q - start - 1];
            }

            row[q] = at;
            around[q - start] = entry;
        }

        for (int p = start; p < end; p++)
            entrySlot[around[p - start]] = p;
    }
}
