using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using QTrade.Node.Solana;

namespace QTrade.Node.Verbs;

/// <summary><c>qtrade quote</c>: what a pool of an account dump pays, in its program's own integers.</summary>
internal static class QuoteVerb
{
    private const string Verb = "quote";
    private const int LineLengthMax = 64 * 1024;

    public static Command Create(ProgramEnvironment environment)
    {
        var dump = new Argument<string>("DUMP") { Description = DumpOption.Description };
        var pool = new Option<string>("--pool") { Description = "The pool's account.", HelpName = "ADDRESS" };
        var from = new Option<string>("--from") { Description = "Mint of the token that goes in.", HelpName = "MINT" };
        var exactIn = new Option<string>("--exact-in") { Description = "Base units that go in.", HelpName = "N" };
        var exactOut = new Option<string>("--exact-out") { Description = "Base units that are to come out.", HelpName = "N" };
        var batch = new Option<string>("--batch")
        {
            Description = "A request a line, JSON: {\"pool\",\"from\",\"exactIn\"|\"exactOut\",\"slot\"?,\"unixTime\"?}; answers a line of JSON each.",
            HelpName = "FILE",
        };
        var slot = DumpOption.Slot();
        var unixTime = DumpOption.UnixTime();
        var program = DumpOption.Program();
        var json = JsonOption.Create();
        var command = new VerbCommand(
            Verb,
            "Quote a swap on a pool of an account dump, exactly as its program would settle it.",
            "qtrade quote accounts/ --pool 58oQChx4yWmvKdwLLZzBi4ChoCc2fqCUWBkwMihLYQo2 --from So11111111111111111111111111111111111111112 --exact-in 1000000",
            "qtrade quote whirlpool-snapshot.csv.gz --batch requests.jsonl")
        {
            dump, pool, from, exactIn, exactOut, batch, slot, unixTime, program, json,
        };
        command.SetAction(parsed =>
        {
            if (!DumpOption.TryRead(parsed.GetRequiredValue(dump), parsed.GetRequiredValue(program), environment, out var accounts, out var error))
                return environment.Refuse(Verb, error!, ExitCode.BadInput);
            var quotes = new DumpQuotes(accounts!, (at, time) => DumpOption.Clock(accounts!, at ?? parsed.GetValue(slot), time ?? parsed.GetValue(unixTime), environment));
            if (parsed.GetValue(batch) is { } file)
                return Batch(environment.Locate(file), quotes, environment);
            var request = new QuoteRequest(parsed.GetValue(pool), parsed.GetValue(from), parsed.GetValue(exactIn), parsed.GetValue(exactOut), null, null);
            return One(quotes.Answer(request), parsed.GetValue(json), environment);
        });
        return command;
    }

    private static int One(QuoteAnswer answer, bool json, ProgramEnvironment environment)
    {
        if (answer.IsBadRequest)
            return environment.Refuse(Verb, answer.Error!, ExitCode.BadInput);
        if (json)
            JsonText.WriteLine(environment.Out, answer.Write);
        else
            environment.Out.WriteLine(answer.ToString());
        return answer.Error is null ? ExitCode.Done : ExitCode.No;
    }

    private static int Batch(string file, DumpQuotes quotes, ProgramEnvironment environment)
    {
        if (!File.Exists(file))
            return environment.Refuse(Verb, $"{file}: there is no such file", ExitCode.BadInput);
        var number = 0;
        var bad = 0;
        foreach (var line in File.ReadLines(file))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var answer = TryRequest(line, out var request)
                ? quotes.Answer(request)
                : QuoteAnswer.Bad($"{Path.GetFileName(file)} line {number}: {{\"pool\",\"from\",\"exactIn\" or \"exactOut\"}} is needed, in JSON");
            bad += answer.IsBadRequest ? 1 : 0;
            JsonText.WriteLine(environment.Out, answer.Write);
        }

        return bad == 0 ? ExitCode.Done : environment.Refuse(Verb, $"{file}: {bad} of {number} lines are no requests", ExitCode.BadInput);
    }

    private static bool TryRequest(string line, out QuoteRequest request)
    {
        request = default;
        if (line.Length > LineLengthMax)
            return false;
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return false;
            var (slot, unixTime) = (Text(root, "slot"), Text(root, "unixTime"));
            ulong at = 0;
            long time = 0;
            if ((slot is not null && !ulong.TryParse(slot, CultureInfo.InvariantCulture, out at))
                || (unixTime is not null && !long.TryParse(unixTime, CultureInfo.InvariantCulture, out time)))
                return false;
            request = new QuoteRequest(
                Text(root, "pool"), Text(root, "from"), Text(root, "exactIn"), Text(root, "exactOut"),
                slot is null ? null : at, unixTime is null ? null : time);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            // A text with half a surrogate pair is JSON, and no text.
            return false;
        }
    }

    // Amounts past 2^53 are safe only as text; both forms are taken.
    private static string? Text(JsonElement root, string name) =>
        !root.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : value.ValueKind == JsonValueKind.Null ? null
        : value.GetRawText();
}
