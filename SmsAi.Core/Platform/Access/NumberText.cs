using System.Numerics;

namespace SmsAi.Core.Platform.Access;

/// <summary>Writes a number as whoever looks reads it: 1,234.5, 1.234,5 or 1 234,5.</summary>
public static class NumberText
{
    /// <summary>A whole number, in groups of thousands.</summary>
    public static string Of<T>(T number)
        where T : IBinaryInteger<T> => number.ToString("N0", OperatorCulture.Here);

    public static string Of(double number, string pattern) => number.ToString(pattern, OperatorCulture.Here);

    public static string Of(decimal number, string pattern) => number.ToString(pattern, OperatorCulture.Here);
}
