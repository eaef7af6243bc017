using System.Globalization;
using SmsAi.Core.Platform.Access;

namespace SmsAi.Tests.Platform.Access;

/// <summary>Lets what follows be written for somebody who reads this language, until it is disposed.</summary>
internal sealed class ReadAs : IDisposable
{
    private readonly CultureInfo _before = CultureInfo.CurrentCulture;

    internal ReadAs(string language, bool? is12Hour = null) => CultureInfo.CurrentCulture = OperatorCulture.Of(language, is12Hour);

    public void Dispose() => CultureInfo.CurrentCulture = _before;
}
