namespace SmsAi.Web.Platform.Shell;

/// <summary>How to stop the service without this console.</summary>
public static class StopByHand
{
    public const string Command = "dotnet SmsAi.Web.dll kill";
}
