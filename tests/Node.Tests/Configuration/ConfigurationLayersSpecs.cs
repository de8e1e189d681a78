using QTrade.Node.Configuration;

namespace QTrade.Node.Tests.Configuration;

public sealed class ConfigurationLayersSpecs : IDisposable
{
    private const string Key = "qtrade.simulation.seed";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("qtrade-configuration-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(0, "1", "default", "")]
    [InlineData(1, "11", "common file", "common.conf:2:21")]
    [InlineData(2, "12", "role file", "node.conf:1:26")]
    [InlineData(3, "13", "--config file", "mine.conf:1:30")]
    [InlineData(4, "14", "environment", "environment variable QTRADE__SIMULATION__SEED")]
    [InlineData(5, "15", "command line", "option --seed")]
    public void The_highest_layer_wins_and_is_named(int layers, string value, string layer, string origin)
    {
        ConfigurationRequest request = Request();
        if (layers >= 1)
            Write("common.conf", "qtrade {\n  simulation.seed = 11\n}");
        if (layers >= 2)
            Write("node.conf", "qtrade.simulation.seed = 12");
        if (layers >= 3)
            request = request with { ConfigFile = Write("mine.conf", "qtrade { simulation { seed = 13 } }") };
        if (layers >= 4)
            request = request with { Environment = new Dictionary<string, string> { ["QTRADE__SIMULATION__SEED"] = "14" } };
        if (layers >= 5)
            request = request with { CommandLine = [new CommandLineSetting("simulation.seed", "15", "--seed")] };

        NodeConfiguration configuration = NodeConfigurationReader.Read(request);

        Assert.Empty(configuration.Problems);
        Assert.Equal(value, $"{configuration.Options.Simulation.Seed}");
        EffectiveSetting seed = configuration.Settings.Single(setting => setting.Key == Key);
        Assert.Equal((value, layer), (seed.Value, seed.Layer));
        Assert.EndsWith(origin, seed.Origin, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_mix_setting_by_setting()
    {
        Write("common.conf", "qtrade.router { min-interval = 20ms, check-interval = 30s }");
        Write("node.conf", "qtrade.router.min-interval = 10ms");
        ConfigurationRequest request = Request() with { Environment = new Dictionary<string, string> { ["QTRADE__QUEUE__EXPIRY_SLOTS"] = "7" } };

        NodeOptions options = NodeConfigurationReader.Read(request).Options;

        Assert.Equal(TimeSpan.FromMilliseconds(10), options.Router.MinInterval);
        Assert.Equal(TimeSpan.FromSeconds(30), options.Router.CheckInterval);
        Assert.Equal(7, options.Queue.ExpirySlots);
        Assert.Equal(100, options.Queue.Outstanding);
    }

    [Fact]
    public void A_null_sets_a_setting_back_to_its_default()
    {
        Write("common.conf", "qtrade.queue.outstanding = 5");
        Write("node.conf", "qtrade.queue.outstanding = null");

        Assert.Equal(100, NodeConfigurationReader.Read(Request()).Options.Queue.Outstanding);
    }

    [Fact]
    public void Every_setting_reads_back_what_it_writes()
    {
        NodeConfiguration first = NodeConfigurationReader.Read(Request());
        string file = Write("all.conf", string.Join('\n', first.Settings.Select(setting => $"{setting.Key} = \"{setting.Value}\"")));

        NodeConfiguration second = NodeConfigurationReader.Read(Request() with { ConfigFile = file });

        Assert.Empty(second.Problems);
        Assert.Equal(first.Settings.Select(setting => (setting.Key, setting.Value)), second.Settings.Select(setting => (setting.Key, setting.Value)));
        Assert.All(second.Settings, setting => Assert.Equal("--config file", setting.Layer));
    }

    [Theory]
    [InlineData("qtrade.router.min-interval = fast", "qtrade.router.min-interval = 'fast' is not a duration")]
    [InlineData("qtrade.journal.max-size = 1 furlong", "is not a size")]
    [InlineData("qtrade.queue.outstanding = 1.5", "is not a whole number")]
    [InlineData("qtrade.simulation.rate = NaN", "is not a number")]
    [InlineData("qtrade.simulation.seed = -1", "is not a whole number from 0")]
    [InlineData("qtrade.feed = pigeon", "is not one of simulated, solana, recorded")]
    [InlineData("qtrade.market = \"\"", "must not be empty")]
    [InlineData("qtrade.queue.outstanding = 0", "must lie between 1 and 10000")]
    [InlineData("qtrade.router.min-interval = 0s", "must lie between 1ms and 1h")]
    [InlineData("qtrade.journal.max-size = 1", "must lie between 1MiB and 1PiB")]
    [InlineData("qtrade.router { min-interval = 10s, check-interval = 5s }", "qtrade.router.check-interval = '5s' is shorter than qtrade.router.min-interval = '10s'")]
    [InlineData("qtrade.queue.outstanding = 1000", "qtrade.queue.outstanding = '1000' lets 1000 * 16 = 16000 trades be outstanding, more than the 8192 that the executor remembers: lower qtrade.queue.outstanding or qtrade.executor.routes-max")]
    [InlineData("qtrade.executor.routes-max = 82", "qtrade.executor.routes-max = '82' lets 100 * 82 = 8200 trades be outstanding")]
    [InlineData("qtrade { queue.outstanding = 10000, executor.routes-max = 1000 }", "qtrade.queue.outstanding = '10000' lets 10000 * 1000 = 10000000 trades be outstanding")]
    [InlineData("qtrade.router.min-intervall = 1s", "qtrade.router.min-intervall is no setting; did you mean 'router.min-interval'?")]
    [InlineData("qtrade.router = 5", "qtrade.router is a group of settings")]
    [InlineData("qtrade = 5", "qtrade is a group of settings")]
    [InlineData("qtrade.queue.outstanding = [1, 2]", "qtrade.queue.outstanding.0 is no setting")]
    [InlineData("qtrade { queue", "needs '='")]
    public void A_wrong_setting_is_one_line_that_names_place_and_key(string text, string problem)
    {
        string file = Write("mine.conf", text);

        NodeConfiguration configuration = NodeConfigurationReader.Read(Request() with { ConfigFile = file });

        Assert.Contains(configuration.Problems, line => line.StartsWith($"{file}:1:", StringComparison.Ordinal) && line.Contains(problem, StringComparison.Ordinal));
        Assert.All(configuration.Problems, line => Assert.DoesNotContain('\n', line));
    }

    [Fact]
    public void A_wrong_variable_and_a_wrong_option_name_themselves()
    {
        ConfigurationRequest request = Request() with
        {
            Environment = new Dictionary<string, string> { ["QTRADE__NOWHERE__AT_ALL"] = "1", ["QTRADES"] = "x", ["PATH"] = "x" },
            CommandLine = [new CommandLineSetting("simulation.rate", "many", "--rate")],
        };

        Assert.Equal(
            ["environment variable QTRADE__NOWHERE__AT_ALL: qtrade.nowhere.at-all is no setting", "option --rate: qtrade.simulation.rate = 'many' is not a number"],
            NodeConfigurationReader.Read(request).Problems.AsEnumerable());
    }

    [Theory]
    [InlineData(81, 0)]
    [InlineData(82, 1)]
    public void Of_two_settings_that_do_not_go_together_the_one_of_the_higher_layer_is_told(int routesMax, int problems)
    {
        Write("common.conf", "qtrade.queue.outstanding = 100");
        string file = Write("mine.conf", $"qtrade.executor.routes-max = {routesMax}");

        NodeConfiguration configuration = NodeConfigurationReader.Read(Request() with { ConfigFile = file });

        Assert.Equal(problems, configuration.Problems.Length);
        Assert.All(configuration.Problems, problem => Assert.StartsWith(file, problem, StringComparison.Ordinal));
    }

    [Fact]
    public void A_config_file_that_does_not_exist_is_a_problem() =>
        Assert.Contains("does not exist", Assert.Single(NodeConfigurationReader.Read(Request() with { ConfigFile = "/no/such.conf" }).Problems), StringComparison.Ordinal);

    [Fact]
    public void Keys_outside_of_qtrade_are_the_operators_own()
    {
        string file = Write("mine.conf", "mine { pace = 20ms }, qtrade.router.min-interval = ${mine.pace}");

        NodeConfiguration configuration = NodeConfigurationReader.Read(Request() with { ConfigFile = file });

        Assert.Empty(configuration.Problems);
        Assert.Equal(TimeSpan.FromMilliseconds(20), configuration.Options.Router.MinInterval);
    }

    [Fact]
    public void The_files_that_travel_with_the_program_are_right_and_agree_with_its_defaults()
    {
        NodeConfiguration shipped = NodeConfigurationReader.Read(new ConfigurationRequest { HoconFolder = Path.Combine(AppContext.BaseDirectory, "hocon") });
        NodeConfiguration defaults = NodeConfigurationReader.Read(Request());

        Assert.Empty(shipped.Problems);
        Assert.Contains(shipped.Settings, setting => setting.Layer == "role file");
        Assert.Contains(shipped.Settings, setting => setting.Layer == "common file");
        Assert.Equal(defaults.Settings.Select(setting => (setting.Key, setting.Value)), shipped.Settings.Select(setting => (setting.Key, setting.Value)));
    }

    private ConfigurationRequest Request() => new() { HoconFolder = _folder.FullName };

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
