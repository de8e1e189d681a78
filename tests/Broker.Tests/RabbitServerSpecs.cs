using System.Text;
using QTrade.Shared.Broker;

namespace QTrade.Broker.Tests;

/// <summary>The servers that specs run on.</summary>
public sealed class RabbitServerSpecs
{
    [RabbitFact]
    public void Nothing_that_a_server_started_outlives_it()
    {
        string port;
        using (RabbitServerProcess server = RabbitServerProcess.Start())
        {
            port = server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
            Assert.Contains(Of(port), command => command.Contains("beam", StringComparison.Ordinal));
        }

        Assert.Empty(Of(port));
    }

    /// <summary>The command lines of all processes that a server's environment came down to.</summary>
    private static List<string> Of(string port)
    {
        var found = new List<string>();
        foreach (string process in Directory.GetDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)))
        {
            try
            {
                string environment = Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(process, "environ")));
                if (environment.Contains($"RABBITMQ_NODENAME=qtrade{port}@", StringComparison.Ordinal))
                    found.Add(Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(process, "cmdline"))).Replace('\0', ' '));
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // It has ended meanwhile, or is somebody else's.
            }
        }

        return found;
    }
}
