using System.CommandLine;
using System.Text;
using QTrade.Markets;
using QTrade.Markets.Files;
using QTrade.Node.Explanations;
using QTrade.Solver;
using QTrade.Trading.Problems;

namespace QTrade.Node.Verbs;

/// <summary><c>qtrade solve</c>: the most profitable trade of a market file, with its certificate.</summary>
internal static class SolveVerb
{
    private const string Verb = "solve";
    private const string ResultFormat = "result";
    private const string ArbitrageFormat = "arbitrage";

    public static Command Create(ProgramEnvironment environment)
    {
        var market = new Argument<string>("MARKET") { Description = "Market file (qtrade.market/1)." };
        Option<bool> json = JsonOption.Create();
        var explain = new Option<bool>("--explain") { Description = "Say why: prices, fees, shares of the profit, what limits it, what stays out." };
        var format = new Option<string>("--format")
        {
            Description = "result: qtrade.result/1; arbitrage: deltas, lambdas, aMatrices, status (JSON too).",
            HelpName = "FORMAT",
            DefaultValueFactory = _ => ResultFormat,
        };
        format.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is not (ResultFormat or ArbitrageFormat))
                result.AddError($"--format is '{result.Tokens[0].Value}': write {ResultFormat} or {ArbitrageFormat}");
        });
        var command = new VerbCommand(
            Verb,
            "Find the most profitable trade of a market, and prove how good it is.",
            "qtrade solve samples/five-pools.json",
            "qtrade solve samples/orca-185759999.json --explain",
            "qtrade solve market.json --json > result.json",
            "qtrade solve market.json --format arbitrage")
        {
            market, json, explain, format,
        };
        command.SetAction(parsed => Solve(
            parsed.GetRequiredValue(market), parsed.GetValue(json), parsed.GetValue(explain), parsed.GetValue(format) == ArbitrageFormat, environment));
        return command;
    }

    private static int Solve(string path, bool json, bool explain, bool arbitrage, ProgramEnvironment environment)
    {
        string file = environment.Locate(path);
        if (!MarketFile.TryReadFile(file, out Market? market, out string? hash, out MarketFileError? error))
            return environment.Refuse(Verb, error.ToString(), ExitCode.BadInput);
        long start = environment.Time.GetTimestamp();
        SolvedMarket solved = MarketSolver.SolveInFull(market, hash, SolverStart.Cold);
        if (solved.Result.Status == ResultStatus.Invalid)
            return environment.Refuse(Verb, $"{file}: {solved.Solution.Reason ?? "the market cannot be solved"}", ExitCode.BadInput);

        MarketResult result = solved.Result with { ElapsedMs = environment.Time.GetElapsedTime(start).TotalMilliseconds };
        ResultExplanation explanation = ResultExplainer.Explain(market, result);
        if (arbitrage)
            environment.Out.Write(Encoding.UTF8.GetString(ArbitrageResultFile.Write(market, result)));
        else if (json)
            environment.Out.Write(Encoding.UTF8.GetString(ResultFile.Write(explain ? result with { Explanation = ExplanationJson.Write(explanation) } : result)));
        else
            WriteText(market, result, explanation, explain, environment.Out);
        return ExitCode.Done;
    }

    private static void WriteText(Market market, MarketResult result, ResultExplanation explanation, bool explain, TextWriter output)
    {
        ExplanationText.WriteResult(market, result, output);
        if (explain)
            ExplanationText.WriteExplanation(market, explanation, output);
        else
            ExplanationText.WriteTrades(market, explanation, output);
    }
}
