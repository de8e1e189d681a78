using System.CommandLine;
using System.Globalization;
using QTrade.Markets;
using QTrade.Markets.Files;
using QTrade.Node.Solana;
using QTrade.Solana;

namespace QTrade.Node.Verbs;

/// <summary><c>qtrade import</c>: an account dump becomes a market file.</summary>
internal static class ImportVerb
{
    private const string Verb = "import";
    private const double StableValue = 1e-6;
    private const double DepthMinDefault = 1000;

    public static Command Create(ProgramEnvironment environment)
    {
        var dump = new Argument<string>("SNAPSHOT") { Description = DumpOption.Description };
        var market = new Argument<string>("MARKET") { Description = "The market file to write (qtrade.market/1)." };
        var value = new Option<string[]>("--value")
        {
            Description = "MINT=X: the market value of one base unit. Without any: USDC and USDT 0.000001, SOL as the deepest pool says.",
            HelpName = "MINT=X",
        };
        var derive = new Option<bool>("--derive-values") { Description = "Value every other token too by its deepest pool against one that has a value." };
        var depth = new Option<double>("--depth-min")
        {
            Description = "Least value that must move a pool's price by one percent for its price to count.",
            HelpName = "X",
            DefaultValueFactory = _ => DepthMinDefault,
        };
        var slot = DumpOption.Slot();
        var unixTime = DumpOption.UnixTime();
        var program = DumpOption.Program();
        var command = new VerbCommand(
            Verb,
            "Make a market file of an account dump.",
            "qtrade import whirlpool-snapshot-185759999.csv.gz market.json --slot 185759999",
            "qtrade import accounts/ market.json --value EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v=0.000001 --derive-values")
        {
            dump, market, value, derive, depth, slot, unixTime, program,
        };
        command.SetAction(parsed =>
        {
            if (!TryValues(parsed.GetValue(value) ?? [], out var given, out var wrong))
                return environment.Refuse(Verb, wrong!, ExitCode.BadInput);
            if (!DumpOption.TryRead(parsed.GetRequiredValue(dump), parsed.GetRequiredValue(program), environment, out var accounts, out var error))
                return environment.Refuse(Verb, error!, ExitCode.BadInput);
            var clock = DumpOption.Clock(accounts!, parsed.GetValue(slot), parsed.GetValue(unixTime), environment);
            var read = DumpMarket.Read(accounts!, clock);
            if (read.Pools.Count == 0)
                return environment.Refuse(Verb, $"{parsed.GetRequiredValue(dump)}: no pool in it can be quoted ({Refusals(read)})", ExitCode.No);
            var all = parsed.GetValue(derive);
            var isDefault = given.Count == 0;
            if (isDefault)
                given = new Dictionary<Address, double> { [WellKnownMints.Usdc] = StableValue, [WellKnownMints.Usdt] = StableValue };
            var values = TokenValues.Of(read.Pools, given, mint => all || (isDefault && mint == WellKnownMints.Sol), parsed.GetValue(depth));
            var path = parsed.GetRequiredValue(market);
            var result = read.ToMarket(
                Path.GetFileNameWithoutExtension(path), Path.GetFileName(parsed.GetRequiredValue(dump)), (long?)parsed.GetValue(slot), values);
            File.WriteAllBytes(path, MarketFile.Write(result));
            Report(accounts!.FaultCount, accounts.Faults, read, result, values, path, environment.Out);
            return ExitCode.Done;
        });
        return command;
    }

    private static bool TryValues(string[] texts, out Dictionary<Address, double> values, out string? wrong)
    {
        values = [];
        wrong = null;
        foreach (var text in texts)
        {
            var at = text.IndexOf('=', StringComparison.Ordinal);
            if (at < 0 || !Address.TryParse(text.AsSpan(0, at), out var mint)
                || !double.TryParse(text.AsSpan(at + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                || !(value >= 0 && double.IsFinite(value)))
            {
                wrong = $"--value is '{text}': write MINT=X with a mint's address and a number of at least 0";
                return false;
            }

            values[mint] = value;
        }

        return true;
    }

    private static void Report(
        int faults, IReadOnlyList<string> texts, DumpMarket read, Market market, Dictionary<Address, TokenValue> values, string path, TextWriter output)
    {
        output.WriteLine($"{path}: {market.Pools.Length} pools, {market.Tokens.Length} tokens");
        output.WriteLine($"left out: {Refusals(read)}");
        foreach (var (mint, value) in values.Where(entry => entry.Value.Pool is not null).OrderByDescending(entry => entry.Value.Depth))
            output.WriteLine($"value of {WellKnownMints.SymbolOf(mint) ?? mint.ToString()}: {value.Value:R} by pool {value.Pool}, depth {value.Depth:G4}{AtSlot(value.Clock)}");
        if (faults > 0)
            output.WriteLine($"{faults} lines or files could not be read, the first: {texts[0]}");
    }

    private static string AtSlot(ChainClock clock) => clock.Slot == ChainClock.SlotNotTold ? "" : $" at slot {clock.Slot}";

    private static string Refusals(DumpMarket read) =>
        string.Join(", ", read.Refusals.Select(entry => $"{entry.Value} {entry.Key}").Append($"{read.Empty} empty"));
}
