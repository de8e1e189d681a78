namespace QTrade.Hocon.Tests;

public sealed class UnitSpecs
{
    [Theory]
    [InlineData("60s", 60_000_000_000)]
    [InlineData("500ms", 500_000_000)]
    [InlineData("7 d", 604_800_000_000_000)]
    [InlineData("7", 7_000_000)]
    [InlineData("1.5 minutes", 90_000_000_000)]
    [InlineData("0.5h", 1_800_000_000_000)]
    [InlineData("200 ns", 200)]
    [InlineData("-3 seconds", -3_000_000_000)]
    [InlineData("1 nanosecond", 0)]
    public void Durations_read_in_every_unit(string text, long nanoseconds)
    {
        Assert.True(HoconDuration.TryParse(text, out TimeSpan value));
        Assert.Equal(nanoseconds, value.Ticks * 100);
    }

    [Fact]
    public void Every_spelling_of_a_duration_unit_is_known()
    {
        (string Units, long Ticks)[] table =
        [
            ("us micro micros microsecond microseconds", 10), ("ms milli millis millisecond milliseconds", 10_000), ("s second seconds", 10_000_000),
            ("m minute minutes", 600_000_000), ("h hour hours", 36_000_000_000), ("d day days", 864_000_000_000),
        ];
        foreach ((string units, long ticks) in table)
            foreach (string unit in units.Split(' '))
            {
                Assert.True(HoconDuration.TryParse($"3 {unit}", out TimeSpan value), unit);
                Assert.Equal(3 * ticks, value.Ticks);
            }

        foreach (string unit in "ns nano nanos nanosecond nanoseconds".Split(' '))
        {
            Assert.True(HoconDuration.TryParse($"1000{unit}", out TimeSpan value), unit);
            Assert.Equal(10, value.Ticks);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("s")]
    [InlineData("5 parsecs")]
    [InlineData("1e3s")]
    [InlineData("NaN s")]
    [InlineData("99999999999 d")]
    [InlineData("99999999999999999999999999999999999999 s")]
    [InlineData("5 S")]
    public void What_is_no_duration_is_refused(string? text) => Assert.False(HoconDuration.TryParse(text, out _));

    [Theory]
    [InlineData("10MiB", 10_485_760)]
    [InlineData("512k", 524_288)]
    [InlineData("512K", 524_288)]
    [InlineData("1kB", 1_000)]
    [InlineData("1.5 GB", 1_500_000_000)]
    [InlineData("42", 42)]
    [InlineData("42 bytes", 42)]
    [InlineData("2 mebibytes", 2_097_152)]
    [InlineData("2 megabytes", 2_000_000)]
    [InlineData("3Ti", 3_298_534_883_328)]
    [InlineData("1 EiB", 1_152_921_504_606_846_976)]
    [InlineData("0.001 ZB", 1_000_000_000_000_000_000)]
    [InlineData("0.5 B", 0)]
    public void Sizes_read_in_every_unit(string text, long bytes)
    {
        Assert.True(HoconSize.TryParse(text, out long value));
        Assert.Equal(bytes, value);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("8 EiB")]
    [InlineData("1 YB")]
    [InlineData("1 KB")]
    [InlineData("ten")]
    [InlineData("10 iB")]
    public void What_is_no_size_is_refused(string text) => Assert.False(HoconSize.TryParse(text, out _));

    [Theory]
    [InlineData("true", true)]
    [InlineData("yes", true)]
    [InlineData("on", true)]
    [InlineData("false", false)]
    [InlineData("no", false)]
    [InlineData("off", false)]
    public void Booleans_have_three_spellings_each(string text, bool expected)
    {
        Assert.True(HoconBoolean.TryParse(text, out bool value));
        Assert.Equal(expected, value);
        Assert.False(HoconBoolean.TryParse(text + "x", out _));
    }
}
