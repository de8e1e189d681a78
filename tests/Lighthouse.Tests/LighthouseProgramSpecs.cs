using QTrade.Web.Admin;

namespace QTrade.Lighthouse.Tests;

public sealed class LighthouseProgramSpecs : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("qtrade-lighthouse-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task It_says_where_it_listens_and_stops_when_told()
    {
        using var stop = new CancellationTokenSource();
        using var output = new StringWriter();
        using var error = new StringWriter();
        Task<int> running = Program(output, error).RunAsync(["--port", "0"], stop.Token);
        await stop.CancelAsync();

        Assert.Equal(0, await running);
        Assert.Contains("nodes announce themselves to 127.0.0.1:", output.ToString(), StringComparison.Ordinal);
        Assert.Empty(error.ToString());
    }

    [Theory]
    [InlineData("--port 99999", 2, "option --port: qtrade.lighthouse.port = '99999' must be a whole number from 0 to 65535")]
    [InlineData("--address nowhere", 2, "must be an IP address")]
    [InlineData("--address 0.0.0.0 --port 0", 3, "qtrade.lighthouse.token-file")]
    [InlineData("--token-file none", 2, "none: the admin token cannot be read")]
    [InlineData("--config none.conf", 2, "none.conf")]
    [InlineData("--name a/b", 2, "must be 1 to 64 letters")]
    [InlineData("--frobnicate", 2, "--frobnicate")]
    public async Task What_is_wrong_is_one_line(string line, int exitCode, string expected)
    {
        using var error = new StringWriter();

        Assert.Equal(exitCode, await Program(TextWriter.Null, error).RunAsync(line.Split(' '), CancellationToken.None));
        Assert.Equal(1, error.ToString().Count(c => c == '\n'));
        Assert.Contains(expected, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Command_line_beats_environment_beats_file()
    {
        string file = Write("mine.conf", "qtrade.lighthouse { name = from-file, port = 1, address = \"127.0.0.9\" }");
        var variables = new Dictionary<string, string> { ["QTRADE__LIGHTHOUSE__PORT"] = "2", ["QTRADE__LIGHTHOUSE__TOKEN_FILE"] = "here" };

        (LighthouseOptions? options, string? error) = LighthouseSettings.Read([new("address", "127.0.0.3")], variables, file, AppContext.BaseDirectory);

        Assert.Null(error);
        Assert.Equal(("from-file", 2, "127.0.0.3", "here"), (options!.Name, options.Port, options.Address.ToString(), options.TokenFile));
    }

    [Theory]
    [InlineData("QTRADE__LIGHTHOUSE__BROKER", "amqp://me:secret@", "environment variable QTRADE__LIGHTHOUSE__BROKER: qtrade.lighthouse.broker: it is not of the form")]
    [InlineData("QTRADE__LIGHTHOUSE__BROKER", "http://me:secret@host", "it is not of the form amqp://")]
    [InlineData("QTRADE__LIGHTHOUSE__BROKER_FILE", "/nowhere/broker", "/nowhere/broker cannot be read")]
    public async Task A_broker_that_is_none_is_refused_without_showing_its_password(string variable, string text, string expected)
    {
        using var error = new StringWriter();
        var program = new LighthouseProgram(
            TextWriter.Null, error, new Dictionary<string, string> { [variable] = text }, Path.Combine(AppContext.BaseDirectory, "hocon"), TimeProvider.System);

        Assert.Equal(2, await program.RunAsync(["--port", "0"], CancellationToken.None));
        Assert.Contains(expected, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_that_is_none_is_named_with_its_place()
    {
        string file = Write("mine.conf", "qtrade.lighthouse.prot = 1");

        (_, string? error) = LighthouseSettings.Read([], new Dictionary<string, string>(), file, AppContext.BaseDirectory);

        Assert.Contains("mine.conf", error, StringComparison.Ordinal);
        Assert.Contains("qtrade.lighthouse.prot is no setting", error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_that_travels_with_the_program_says_the_defaults()
    {
        (LighthouseOptions? options, string? error) = LighthouseSettings.Read([], new Dictionary<string, string>(), null, Path.Combine(AppContext.BaseDirectory, "hocon"));

        Assert.Null(error);
        Assert.True(File.Exists(Path.Combine(AppContext.BaseDirectory, "hocon", "lighthouse.conf")));
        Assert.Equal(new LighthouseOptions(), options);
        Assert.Equal(AdminProtocol.DefaultPort, options!.Port);
    }

    private static LighthouseProgram Program(TextWriter output, TextWriter error) =>
        new(output, error, new Dictionary<string, string>(), Path.Combine(AppContext.BaseDirectory, "hocon"), TimeProvider.System);

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
