namespace QTrade.Solver;

/// <summary>
/// Factors and solves (Laplacian of weights w_ij >= 0, plus a diagonal excess e) x = b, the Newton system of the routing problem. Weights and
/// excess are kept apart and the diagonal d = e + sum w is only ever summed, w_ij += w_ik w_jk / d, e_j += w_jk e_k / d, so nothing cancels over
/// many orders of weights. The elimination order is minimum degree with a static schedule; once what is left is complete it is
/// stored as a dense triangle.
/// </summary>
internal sealed class GroundedLaplacian
{
    /// <summary>A pivot below this part of its weights is rounding: the matrix is positive definite.</summary>
    private const double LeastPivot = 1e-14;

    private int count;
    private int sparse;
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
    private int[] above = [];

    // Elimination graph: neighbour lists with eliminated entries dropped when met, bucket queue by degree.
    private int[][] neighbours = [];
    private int[] length = [];
    private int[] degree = [];
    private int[] mark = [];
    private int[] bucketHead = [];
    private int[] bucketNext = [];
    private int[] bucketPrevious = [];
    private int[] order = [];

    /// <summary>Orders the tokens 0..tokens-1 that the links (from, to) join, and lays the schedule.</summary>
    public void Analyze(int tokens, ReadOnlySpan<int> from, ReadOnlySpan<int> to)
    {
        count = tokens;
        Grow();
        Array.Clear(length, 0, count);
        Array.Fill(mark, -1, 0, count);
        for (int e = 0; e < from.Length; e++)
            Join(from[e], to[e]);
        Deduplicate();
        Eliminate();
        LaySchedule();
    }

    /// <summary>Where the weight between two tokens is kept.</summary>
    public int Slot(int a, int b)
    {
        int i = position[a], j = position[b];
        if (i > j)
            (i, j) = (j, i);
        return Find(i, j);
    }

    /// <summary>Sets all weights and excesses to zero.</summary>
    public void Clear()
    {
        Array.Clear(initial, 0, columnStart[count]);
        Array.Clear(excess, 0, count);
    }

    public void AddWeight(int slot, double value) => initial[slot] += value;

    public void AddExcess(int token, double value) => excess[position[token]] += value;

    public void Factor()
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
                    int into = columnStart[rows[p]];
                    for (int q = p + 1; q < end; q++)
                        w[into++] += factor * w[q];
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
                continue;
            }

            int at = row[start];
            above[k] = at;
            double sum = b[k] - excess[k] * b[at];
            double away = 0;
            for (int p = start + 1; p < end; p++)
            {
                for (int i = row[p]; at != i; at = above[at])
                    away -= step[at];
                sum += weight[p] * away;
            }

            step[k] = sum / diagonal[k];
            b[k] = b[above[k]] + step[k];
        }

        for (int j = 0; j < count; j++)
            x[j] = b[position[j]];
    }

    /// <summary>x_a - x_b of the last solution, for two tokens that a weight joins.</summary>
    public double Difference(int a, int b)
    {
        int i = position[a], j = position[b];
        double direct = work[i] - work[j];
        if (Math.Abs(direct) > 1e-4 * (Math.Abs(work[i]) + Math.Abs(work[j])))
            return direct;
        int low = Math.Min(i, j), high = Math.Max(i, j);
        double sum = 0;
        for (int at = low; at != high; at = above[at])
            sum += step[at];
        return i < j ? sum : -sum;
    }

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
        Array.Resize(ref above, size);
        Array.Resize(ref length, size);
        Array.Resize(ref degree, size);
        Array.Resize(ref mark, size);
        Array.Resize(ref bucketHead, size);
        Array.Resize(ref bucketNext, size);
        Array.Resize(ref bucketPrevious, size);
        Array.Resize(ref order, size);
        int known = neighbours.Length;
        Array.Resize(ref neighbours, size);
        for (int j = known; j < size; j++)
            neighbours[j] = new int[4];
    }

    private void Join(int a, int b)
    {
        Append(a, b);
        Append(b, a);
    }

    private void Append(int a, int b)
    {
        if (length[a] == neighbours[a].Length)
            Array.Resize(ref neighbours[a], 2 * length[a]);
        neighbours[a][length[a]++] = b;
    }

    private void Deduplicate()
    {
        for (int j = 0; j < count; j++)
        {
            int[] list = neighbours[j];
            int kept = 0;
            for (int p = 0; p < length[j]; p++)
            {
                if (mark[list[p]] == j)
                    continue;
                mark[list[p]] = j;
                list[kept++] = list[p];
            }

            length[j] = kept;
            degree[j] = kept;
        }
    }

    /// <summary>Minimum degree until what is left is complete; records every pivot's remaining neighbours.</summary>
    private void Eliminate()
    {
        Array.Fill(bucketHead, -1, 0, count);
        Array.Fill(position, -1, 0, count);
        Array.Fill(mark, -1, 0, count);
        for (int j = count - 1; j >= 0; j--)
            Enqueue(j);
        int least = 0, done = 0, stamp = 0;
        columnStart[0] = 0;
        while (done < count)
        {
            while (bucketHead[least] < 0)
                least++;
            if (least == count - done - 1)
                break;
            int pivot = bucketHead[least];
            Dequeue(pivot);
            position[pivot] = done;
            order[done] = pivot;
            Compact(pivot);
            int[] around = neighbours[pivot];
            int size = length[pivot];
            Reserve(ref row, columnStart[done] + size);
            for (int p = 0; p < size; p++)
                row[columnStart[done] + p] = around[p];
            columnStart[done + 1] = columnStart[done] + size;
            done++;
            for (int p = 0; p < size; p++)
            {
                int i = around[p];
                Dequeue(i);
                degree[i]--;
                if (size > 1)
                    JoinMissing(i, around.AsSpan(0, size), stamp++);
                Enqueue(i);
                least = Math.Min(least, degree[i]);
            }
        }

        sparse = done;
        for (int j = 0; j < count; j++)
        {
            if (position[j] >= 0)
                continue;
            position[j] = done;
            order[done++] = j;
        }
    }

    /// <summary>Adds to i those of the pivot's neighbours that it lacks.</summary>
    private void JoinMissing(int i, ReadOnlySpan<int> around, int stamp)
    {
        Compact(i);
        for (int p = 0; p < length[i]; p++)
            mark[neighbours[i][p]] = stamp;
        mark[i] = stamp;
        foreach (int j in around)
        {
            if (mark[j] == stamp)
                continue;
            Append(i, j);
            degree[i]++;
        }
    }

    private void Compact(int j)
    {
        int[] list = neighbours[j];
        int kept = 0;
        for (int p = 0; p < length[j]; p++)
        {
            if (position[list[p]] < 0)
                list[kept++] = list[p];
        }

        length[j] = kept;
    }

    private void Enqueue(int j)
    {
        int head = bucketHead[degree[j]];
        bucketNext[j] = head;
        bucketPrevious[j] = -1;
        if (head >= 0)
            bucketPrevious[head] = j;
        bucketHead[degree[j]] = j;
    }

    private void Dequeue(int j)
    {
        if (bucketNext[j] >= 0)
            bucketPrevious[bucketNext[j]] = bucketPrevious[j];
        if (bucketPrevious[j] >= 0)
            bucketNext[bucketPrevious[j]] = bucketNext[j];
        else
            bucketHead[degree[j]] = bucketNext[j];
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

        long updates = 0;
        for (int k = 0; k < sparse; k++)
        {
            int start = columnStart[k], size = columnStart[k + 1] - start;
            for (int p = start; p < start + size; p++)
                row[p] = position[row[p]];
            Array.Sort(row, start, size);
            updates += (long)size * (size - 1) / 2;
        }

        Reserve(ref target, checked((int)updates));
        Reserve(ref initial, columnStart[count]);
        Reserve(ref weight, columnStart[count]);
        int next = 0;
        for (int k = 0; k < sparse; k++)
        {
            for (int p = columnStart[k]; p < columnStart[k + 1]; p++)
            {
                for (int q = p + 1; q < columnStart[k + 1]; q++)
                    target[next++] = Find(row[p], row[q]);
            }
        }
    }

    private int Find(int column, int j) =>
        column >= sparse
            ? columnStart[column] + j - column - 1
            : Array.BinarySearch(row, columnStart[column], columnStart[column + 1] - columnStart[column], j);

    private static void Reserve<T>(ref T[] array, int size)
    {
        if (array.Length < size)
            Array.Resize(ref array, Math.Max(size, 2 * array.Length));
    }
}
