using Microsoft.Extensions.Configuration;
using QTrade.Hocon.Configuration;

namespace QTrade.Hocon.Tests.Configuration;

public sealed class HoconConfigurationSpecs : IDisposable
{
    private readonly TempDirectory _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Objects_and_lists_become_keys()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder()
            .AddHoconString("a { b = x, list = [1, {c = 2}], none = null, empty = [] }").Build();

        Assert.Equal("x", configuration["A:b"]);
        Assert.Equal("1", configuration["a:list:0"]);
        Assert.Equal("2", configuration["a:list:1:c"]);
        Assert.Null(configuration["a:none"]);
        Assert.Equal(string.Empty, configuration["a:empty"]);
    }

    [Fact]
    public void A_later_layer_wins_key_by_key()
    {
        string file = _files.Write("a.conf", "a { x = 1, y = 1 }");

        IConfigurationRoot configuration = new ConfigurationBuilder().AddHoconFile(file).AddHoconString("a.y = 2").Build();

        Assert.Equal(("1", "2"), (configuration["a:x"], configuration["a:y"]));
    }

    [Fact]
    public void Every_key_knows_its_file_and_line()
    {
        string file = _files.Write("a.conf", "a {\n  x = 1\n}");
        IConfigurationRoot configuration = new ConfigurationBuilder().AddHoconFile(file).Build();

        var provider = Assert.IsType<HoconConfigurationProvider>(Assert.Single(configuration.Providers));

        Assert.Equal(new HoconOrigin(file, 2, 7), provider.Origins["a:x"]);
    }

    [Fact]
    public void A_missing_file_is_an_error_unless_it_is_optional()
    {
        string missing = _files.PathOf("none.conf");

        Assert.Empty(new ConfigurationBuilder().AddHoconFile(missing, optional: true).Build().AsEnumerable());
        Assert.Throws<HoconException>(() => new ConfigurationBuilder().AddHoconFile(missing).Build());
    }

    [Theory]
    [InlineData("[1, 2]")]
    [InlineData("a = 1, A = 2")]
    public void What_configuration_cannot_hold_is_refused(string text) =>
        Assert.Throws<HoconException>(() => new ConfigurationBuilder().AddHoconString(text).Build());
}
