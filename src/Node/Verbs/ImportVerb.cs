using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using QTrade.Markets;
using QTrade.Markets.Files;
using QTrade.Node.Solana;
using QTrade.Solana;
using QTrade.Solana.Dumps;

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
        var json = JsonOption.Create();
        var command = new VerbCommand(
            Verb,
            "Make a market file of an account dump.",
            "qtrade import whirlpool-snapshot-185759999.csv.gz market.json --slot 185759999",
            "qtrade import accounts/ market.json --value EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v=0.000001 --derive-values")
        {
            dump, market, value, derive, depth, slot, unixTime, program, json,
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
                return environment.Refuse(Verb, $"{parsed.GetRequiredValue(dump)}: no pool in it can be quoted{(Refusals(read) is { Length: > 0 } why ? $" ({why})" : string.Empty)}", ExitCode.No);
            var all = parsed.GetValue(derive);
            var isDefault = given.Count == 0;
            if (isDefault)
                given = new Dictionary<Address, double> { [WellKnownMints.Usdc] = StableValue, [WellKnownMints.Usdt] = StableValue };
            var values = TokenValues.Of(read.Pools, given, mint => all || (isDefault && mint == WellKnownMints.Sol), parsed.GetValue(depth));
            var path = parsed.GetRequiredValue(market);
            var result = read.ToMarket(
                Path.GetFileNameWithoutExtension(path), Path.GetFileName(parsed.GetRequiredValue(dump)), (long?)parsed.GetValue(slot), values);
            if (!TryWrite(environment.Locate(path), MarketFile.Write(result), out var failure))
                return environment.Refuse(Verb, $"{path}: cannot be written: {failure}", ExitCode.Failed);
            if (parsed.GetValue(json))
                JsonText.WriteLine(environment.Out, writer => Write(writer, accounts!, read, result, values, path));
            else
                Report(accounts!, read, result, values, path, environment.Out);
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

    private static bool TryWrite(string file, byte[] bytes, out string? failure)
    {
        failure = null;
        try
        {
            File.WriteAllBytes(file, bytes);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            failure = broken.Message;
        }

        return failure is null;
    }

    private static void Report(
        AccountDump accounts, DumpMarket read, Market market, Dictionary<Address, TokenValue> values, string path, TextWriter output)
    {
        output.WriteLine($"{path}: {market.Pools.Length} pools, {market.Tokens.Length} tokens");
        if (read.Refusals.Count > 0 || read.Empty > 0)
            output.WriteLine($"left out: {Refusals(read)}");
        foreach (var (mint, value) in ByPool(values))
            output.WriteLine($"value of {WellKnownMints.SymbolOf(mint) ?? mint.ToString()}: {value.Value:R} by pool {value.Pool}, depth {value.Depth:G4}{AtSlot(value.Clock)}");
        if (accounts.FaultCount > 0)
            output.WriteLine($"{accounts.FaultCount} lines or files could not be read, the first: {accounts.Faults[0]}");
    }

    private static void Write(
        Utf8JsonWriter json, AccountDump accounts, DumpMarket read, Market market, Dictionary<Address, TokenValue> values, string path)
    {
        json.WriteStartObject();
        json.WriteString("market", path);
        json.WriteNumber("pools", market.Pools.Length);
        json.WriteNumber("tokens", market.Tokens.Length);
        json.WriteNumber("empty", read.Empty);
        json.WriteStartObject("refused");
        foreach (var (refusal, count) in read.Refusals)
            json.WriteNumber(refusal.ToString(), count);
        json.WriteEndObject();
        json.WriteStartArray("values");
        foreach (var (mint, value) in ByPool(values))
        {
            json.WriteStartObject();
            json.WriteString("mint", mint.ToString());
            json.WriteString("symbol", WellKnownMints.SymbolOf(mint));
            json.WriteNumber("value", value.Value);
            json.WriteString("pool", value.Pool.ToString());
            json.WriteNumber("depth", value.Depth);
            if (value.Clock.Slot != ChainClock.SlotNotTold)
                json.WriteNumber("slot", value.Clock.Slot);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("unreadable", accounts.FaultCount);
        if (accounts.FaultCount > 0)
            json.WriteString("firstUnreadable", accounts.Faults[0]);
        json.WriteEndObject();
    }

    /// <summary>Values that follow from a pool, the deepest first.</summary>
    private static IEnumerable<KeyValuePair<Address, TokenValue>> ByPool(Dictionary<Address, TokenValue> values) =>
        values.Where(entry => entry.Value.Pool is not null).OrderByDescending(entry => entry.Value.Depth);

    private static string AtSlot(ChainClock clock) => clock.Slot == ChainClock.SlotNotTold ? "" : $" at slot {clock.Slot}";

    private static string Refusals(DumpMarket read) =>
        string.Join(", ", [.. read.Refusals.Select(entry => $"{entry.Value} {entry.Key}"), .. read.Empty > 0 ? [$"{read.Empty} empty"] : Array.Empty<string>()]);
}
