using System.CommandLine;
using System.Text.Json;
using QTrade.Markets;
using QTrade.Markets.Files;
using QTrade.Verification;

namespace QTrade.Node.Verbs;

/// <summary><c>qtrade verify</c>: checks a result against its market, with code that shares nothing with the solver.</summary>
internal static class VerifyVerb
{
    private const string Verb = "verify";

    public static Command Create(ProgramEnvironment environment)
    {
        var market = new Argument<string>("MARKET") { Description = "Market file (qtrade.market/1)." };
        var result = new Argument<string>("RESULT") { Description = "Result file (qtrade.result/1), as solve --json printed it." };
        Option<bool> json = JsonOption.Create();
        var command = new VerbCommand(
            Verb,
            "Check a result against its market, without the solver.",
            "qtrade solve samples/five-pools.json --json > result.json && qtrade verify samples/five-pools.json result.json",
            "qtrade verify market.json result.json --json")
        {
            market, result, json,
        };
        command.SetAction(parsed => Verify(parsed.GetRequiredValue(market), parsed.GetRequiredValue(result), parsed.GetValue(json), environment));
        return command;
    }

    private static int Verify(string marketPath, string resultPath, bool json, ProgramEnvironment environment)
    {
        if (!MarketFile.TryReadFile(environment.Locate(marketPath), out Market? market, out string? hash, out MarketFileError? error)
            || !ResultFile.TryReadFile(environment.Locate(resultPath), out MarketResult? result, out error))
            return environment.Refuse(Verb, error.ToString(), ExitCode.BadInput);

        VerificationReport report = ResultVerifier.Verify(market, hash, result);
        if (json)
            WriteJson(report, environment.Out);
        else
            WriteText(report, environment.Out);
        return report.Verified ? ExitCode.Done : ExitCode.No;
    }

    private static void WriteText(VerificationReport report, TextWriter output)
    {
        int width = report.Checks.Max(check => check.Name.Length);
        foreach (VerificationCheck check in report.Checks)
            output.WriteLine($"{(check.Ok ? "ok  " : "FAIL")}  {check.Name.PadRight(width)}  {check.Text}");
        output.WriteLine(report.Summary);
    }

    private static void WriteJson(VerificationReport report, TextWriter output) =>
        JsonText.WriteLine(output, json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("verified", report.Verified);
            json.WriteString("summary", report.Summary);
            json.WriteStartArray("checks");
            foreach (VerificationCheck check in report.Checks)
                WriteCheck(json, check);
            json.WriteEndArray();
            json.WriteEndObject();
        });

    private static void WriteCheck(Utf8JsonWriter json, VerificationCheck check)
    {
        json.WriteStartObject();
        json.WriteString("name", check.Name);
        json.WriteBoolean("ok", check.Ok);
        if (double.IsFinite(check.Worst))
            json.WriteNumber("worst", check.Worst);
        else
            json.WriteString("worst", check.Worst.ToString(null, null));
        if (check.Where is { } where)
            json.WriteString("where", where);
        json.WriteString("text", check.Text);
        json.WriteEndObject();
    }
}
