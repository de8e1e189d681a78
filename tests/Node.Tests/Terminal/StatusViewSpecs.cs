using System.Text.Json;
using QTrade.Messages.Execution;
using QTrade.Node.Terminal;
using Spectre.Console;

namespace QTrade.Node.Tests.Terminal;

public sealed class StatusViewSpecs
{
    private static readonly TimeSpan FiveSeconds = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task An_output_that_is_no_terminal_gets_the_first_result_at_once_and_a_line_per_interval()
    {
        using var output = new StringWriter();

        await new LineView(output, FiveSeconds).WatchAsync(Statuses.InTurn(
            Statuses.At(0), Statuses.At(0.25), Statuses.At(0.5).Decided(), Statuses.At(4.9).Decided(), Statuses.At(5.1).Decided(), Statuses.At(7).Decided(), Statuses.At(10.2).Decided()));

        string[] lines = output.ToString().TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Equal("0.5 s | first certified result: optimal, profit 57.3582 of at most 57.3582, certified gap 3.1e-11, 4.2 ms after the last update", lines[0].TrimEnd());
        Assert.StartsWith("5.1 s | updates 2,000/s | snapshots 20 | solves 102 | last profit 57.3582, certified gap 3.1e-11 | outstanding 3 of 100 | paper +1.2500 | ledger difference 0", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("10.2 s | updates 2,000/s", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_gets_one_object_per_line()
    {
        using var output = new StringWriter();

        await new JsonView(output, FiveSeconds).WatchAsync(Statuses.InTurn(Statuses.At(0), Statuses.At(1).Decided(), Statuses.At(2).Decided(), Statuses.At(6).Decided()));

        string[] lines = output.ToString().TrimEnd().Split('\n');
        Assert.Equal(2, lines.Length);
        using JsonDocument last = JsonDocument.Parse(lines[1]);
        Assert.Equal(3.1e-11, last.RootElement.GetProperty("lastResult").GetProperty("gap").GetDouble());
        Assert.Equal(0, last.RootElement.GetProperty("snapshots").GetProperty("difference").GetInt64());
        Assert.Equal(10, last.RootElement.GetProperty("snapshots").GetProperty("noArbitrage").GetInt64());
        Assert.Equal(-0.01, last.RootElement.GetProperty("balances").GetProperty("sol").GetDouble());
    }

    [Fact]
    public async Task A_terminal_gets_a_table_that_is_drawn_anew()
    {
        using var output = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 160;

        await new LiveView(console).WatchAsync(Statuses.InTurn(Statuses.At(0), Statuses.At(1).Decided()));

        string drawn = output.ToString();
        Assert.Contains("none yet", drawn, StringComparison.Ordinal);
        Assert.Contains("2,000/s; 2,000 so far, 7 conflated", drawn, StringComparison.Ordinal);
        Assert.Contains("3 outstanding of 100", drawn, StringComparison.Ordinal);
        Assert.Contains("\u001b[", drawn, StringComparison.Ordinal);
    }

    [Fact]
    public void The_rows_tell_balance_ledger_and_state()
    {
        NodeStatus halted = Statuses.At(60) with { TradingState = TradingState.Halted, TradingStateReason = "journal", Faults = 2, LastFault = "solver: singular" };

        string rows = string.Join('\n', StatusText.Rows(halted, null).Select(row => $"{row.Label}: {row.Text}"));

        Assert.Contains("profit +1.2500; balance +1.5000 USDC, -0.0100 SOL", rows, StringComparison.Ordinal);
        Assert.Contains("snapshots: 20 handed out; executed 9, no arbitrage 10, in flight 1; difference 0", rows, StringComparison.Ordinal);
        Assert.Contains("HALTED (journal)", rows, StringComparison.Ordinal);
        Assert.Contains("2, last: solver: singular", rows, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_reason_is_listed_by_its_source_and_the_last_refusals_in_words()
    {
        NodeStatus status = Statuses.At(60) with { Refusals = Statuses.SomeRefusals() };
        using var output = new StringWriter();

        JsonView.Write(output, status);

        using JsonDocument line = JsonDocument.Parse(output.ToString());
        JsonElement refusals = line.RootElement.GetProperty("refusals");
        Assert.Equal(["updates", "commands", "router", "executor"], refusals.EnumerateObject().Select(source => source.Name));
        Assert.Equal(
            ["NotFinite 3", "UnknownPool 2", "WrongArity 1", "OlderPosition 1"],
            refusals.GetProperty("updates").GetProperty("counts").EnumerateObject().Select(count => $"{count.Name} {count.Value.GetInt64()}"));
        JsonElement[] last = [.. refusals.GetProperty("router").GetProperty("last").EnumerateArray()];
        Assert.Equal(10, last.Length);
        Assert.Equal("snapshot 1/12", last[^1].GetProperty("what").GetString());
        Assert.Equal("NoArbitrage", last[^1].GetProperty("reason").GetString());
        Assert.Equal("its reserves moved", refusals.GetProperty("executor").GetProperty("last")[0].GetProperty("detail").GetString());
        Assert.Empty(refusals.GetProperty("commands").GetProperty("counts").EnumerateObject());
    }

    [Fact]
    public void The_most_frequent_reasons_of_every_source_stand_in_table_and_lines()
    {
        NodeStatus status = Statuses.At(60) with { Refusals = Statuses.SomeRefusals() };

        const string Refused = "updates 7 (NotFinite 3, UnknownPool 2, WrongArity 1 and 1 more); router 12 (NoArbitrage 12); executor 1 (PoolMoved 1)";
        Assert.Equal(Refused, Row(status, "refused"));
        Assert.Equal("trade 1/5/0: PoolMoved: its reserves moved", Row(status, "last refused"));
        Assert.Contains($" | refused {Refused}", StatusText.Line(status, null), StringComparison.Ordinal);
        Assert.Contains($"; refused {Refused};", StatusText.Summary(status, clean: true), StringComparison.Ordinal);
        Assert.Equal("nothing", Row(Statuses.At(60), "refused"));
        Assert.DoesNotContain("refused", StatusText.Line(Statuses.At(60), null), StringComparison.Ordinal);
    }

    private static string Row(NodeStatus status, string label) => StatusText.Rows(status, null).Single(row => row.Label == label).Text;

    [Fact]
    public void A_ledger_that_does_not_balance_shows_by_how_much()
    {
        NodeStatus status = Statuses.At(1);

        NodeStatus broken = status with { Snapshots = status.Snapshots with { HandedOut = 23 } };

        Assert.Contains("ledger difference 3 (routes 0)", StatusText.Line(broken, null), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_recovered_and_what_was_lost_is_said()
    {
        Assert.Null(StatusText.Recovery(new JournalStatus("j", 0, 0, TimeSpan.Zero, [])));
        Assert.Equal(
            "Recovered 12,345 events from the journal in 0.4 s; LOST: events 5..9.",
            StatusText.Recovery(new JournalStatus("j", 0, 12_345, TimeSpan.FromMilliseconds(400), ["events 5..9"])));
        Assert.Equal(
            "Recovered 12,345 events from the journal in 0.4 s; UNREADABLE: 2 stored events.",
            StatusText.Recovery(new JournalStatus("j", 0, 12_345, TimeSpan.FromMilliseconds(400), []) { EventsUnreadable = 2 }));
    }
}
