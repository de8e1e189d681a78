namespace QTrade.Solver.Tests;

/// <summary>Loops over pools that two cores share: each pool once, whoever comes to it.</summary>
public sealed class SecondCoreSpecs
{
    private const int Many = 20_003;

    [Theory]
    [InlineData(true, Many)]
    [InlineData(true, 7)]
    [InlineData(true, 0)]
    [InlineData(false, Many)]
    public void Every_one_is_done_once(bool allowed, int count)
    {
        var core = new SecondCore { IsAllowed = allowed };
        int[] times = new int[count];
        core.Begin(Many);
        for (int loop = 0; loop < 200; loop++)
            core.Halve(count, (first, end) => { for (int i = first; i < end; i++) times[i]++; });
        core.End();
        Assert.All(times, done => Assert.Equal(200, done));
    }

    [Fact]
    public void The_second_half_is_done_by_another_thread_once_that_has_come()
    {
        var core = new SecondCore { IsAllowed = true };
        using var came = new ManualResetEventSlim();
        int here = Environment.CurrentManagedThreadId, there = here;
        core.Begin(Many);
        core.Halve(Many, (first, _) =>
        {
            if (first == 0)
            {
                came.Wait();
                return;
            }

            there = Environment.CurrentManagedThreadId;
            came.Set();
        });
        core.End();
        Assert.NotEqual(here, there);
    }

    /// <summary>A thread that leaves at once has to be called for every loop, and no call may be lost between its leaving and the next offer.</summary>
    [Fact]
    public void One_that_has_left_is_called_again()
    {
        var core = new SecondCore { IsAllowed = true, LongestWait = TimeSpan.Zero };
        using var came = new AutoResetEvent(false);
        int comes = 0;
        core.Begin(Many);
        for (int loop = 0; loop < 500; loop++)
        {
            core.Halve(Many, (first, _) =>
            {
                if (first == 0)
                {
                    came.WaitOne();
                    return;
                }

                comes++;
                came.Set();
            });
        }

        core.End();
        Assert.Equal(500, comes);
    }

    [Fact]
    public void What_the_other_thread_throws_is_thrown_here_and_the_next_loop_is_done()
    {
        var core = new SecondCore { IsAllowed = true };
        using var came = new ManualResetEventSlim();
        core.Begin(Many);
        var thrown = Assert.Throws<NotSupportedException>(() => core.Halve(Many, (first, _) =>
        {
            if (first == 0)
            {
                came.Wait();
                return;
            }

            came.Set();
            throw new NotSupportedException("a kind of pool that cannot");
        }));
        Assert.Equal("a kind of pool that cannot", thrown.Message);

        int done = 0;
        core.Halve(Many, (first, end) => Interlocked.Add(ref done, end - first));
        core.End();
        Assert.Equal(Many, done);
    }

    [Fact]
    public void A_solve_after_another_finds_it_again()
    {
        var core = new SecondCore { IsAllowed = true };
        int done = 0;
        for (int solve = 0; solve < 300; solve++)
        {
            core.Begin(Many);
            core.Halve(Many, (first, end) => Interlocked.Add(ref done, end - first));
            core.End();
        }

        Assert.Equal(300 * Many, done);
    }
}
