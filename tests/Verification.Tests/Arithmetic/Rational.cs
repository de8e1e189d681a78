using System.Numerics;
using QTrade.Verification.Arithmetic;

namespace QTrade.Verification.Tests.Arithmetic;

/// <summary>An exact fraction of integers, never reduced: the oracle of the floating arithmetic.</summary>
internal readonly record struct Rational(BigInteger Numerator, BigInteger Denominator)
{
    public static Rational From(Real value) => value.Exponent >= 0
        ? new(value.Mantissa << value.Exponent, 1)
        : new(value.Mantissa, BigInteger.One << -value.Exponent);

    public static Rational From(double value)
    {
        // By halving and doubling, which are exact, until nothing is left behind the point.
        BigInteger denominator = 1;
        BigInteger doublings = 1;
        while (Math.Abs(value) >= 9e15)
        {
            value /= 2;
            doublings *= 2;
        }
        while (value != Math.Truncate(value))
        {
            value *= 2;
            denominator *= 2;
        }
        return new(new BigInteger(value) * doublings, denominator);
    }

    public static Rational operator +(Rational a, Rational b) =>
        new(a.Numerator * b.Denominator + b.Numerator * a.Denominator, a.Denominator * b.Denominator);

    public static Rational operator -(Rational a, Rational b) => a + new Rational(-b.Numerator, b.Denominator);

    public static Rational operator *(Rational a, Rational b) => new(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    public static Rational operator /(Rational a, Rational b) => new(a.Numerator * b.Denominator, a.Denominator * b.Numerator);

    public Rational Abs() => new(BigInteger.Abs(Numerator), BigInteger.Abs(Denominator));

    public int CompareTo(Rational other) =>
        (Numerator * other.Denominator * Denominator.Sign * other.Denominator.Sign)
            .CompareTo(other.Numerator * Denominator * Denominator.Sign * other.Denominator.Sign);
}
