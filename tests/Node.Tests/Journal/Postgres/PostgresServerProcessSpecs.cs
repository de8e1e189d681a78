using System.Diagnostics;
using System.Globalization;
using QTrade.Shared.Journal;

namespace QTrade.Node.Tests.Journal.Postgres;

public sealed class PostgresServerProcessSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [PostgresFact]
    public async Task A_server_ends_with_the_process_that_started_it_even_if_that_is_killed()
    {
        using Process starter = OwnProcess.Start(PostgresProcess.Verb);
        try
        {
            string[] said = (await starter.StandardOutput.ReadLineAsync().WaitAsync(Patience))!.Split(' ');
            using Process server = Process.GetProcessById(int.Parse(said[0], CultureInfo.InvariantCulture));

            starter.Kill();

            await server.WaitForExitAsync().WaitAsync(Patience);
            Assert.True(SpinWait.SpinUntil(() => !Directory.Exists(said[1]), Patience), "its folder stays");
        }
        finally
        {
            starter.Kill();
        }
    }
}
