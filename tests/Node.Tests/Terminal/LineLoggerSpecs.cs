using QTrade.Node.Terminal;

namespace QTrade.Node.Tests.Terminal;

public sealed class LineLoggerSpecs
{
    [Fact]
    public void A_line_that_cannot_be_written_is_lost_and_disturbs_nobody()
    {
        var output = new StringWriter();
        var log = new LineLogger(output);
        NodeLog.Fault(log, "one\ntwo");
        output.Dispose();

        NodeLog.Fault(log, "three");

        Assert.Equal("warning: one two", output.ToString().TrimEnd());
    }
}
