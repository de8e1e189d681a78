using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace QTrade.Shared.Contracts;

/// <summary>Finds the facts of a contract for the class that derives from it.</summary>
public sealed class ContractDiscoverer(IMessageSink diagnostics) : IXunitTestCaseDiscoverer
{
    private readonly FactDiscoverer _facts = new(diagnostics);

    /// <inheritdoc/>
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        testMethod.TestClass.Class.ToRuntimeType()?.GetCustomAttribute<NeedsServerAttribute>()?.Skip is { } reason
            ? [new XunitSkippedDataRowTestCase(
                diagnostics, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod, reason)]
            : _facts.Discover(discoveryOptions, testMethod, factAttribute);
}
