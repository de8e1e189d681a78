using Xunit;
using Xunit.Sdk;

namespace QTrade.Shared.Journal;

/// <summary>A fact of a contract: skipped where what an implementation's specs need is not there (<see cref="PostgresSpecsAttribute"/>).</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("QTrade.Shared.Journal.ContractDiscoverer", "QTrade.Shared")]
public sealed class ContractFactAttribute : FactAttribute;
