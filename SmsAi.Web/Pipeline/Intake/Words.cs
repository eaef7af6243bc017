using SmsAi.Core.Pipeline.Intake.Webhooks;

namespace SmsAi.Web.Pipeline.Intake;

/// <summary>The words under which the ledger keeps how a webhook was signed.</summary>
internal static class Words
{
    public static string Of(SigningToken token) => token switch
    {
        SigningToken.Primary => "primary",
        SigningToken.Secondary => "secondary",
        _ => "none",
    };

    public static string Of(UrlVariant variant) => variant switch
    {
        UrlVariant.AsGiven => "as_given",
        UrlVariant.PortAdded => "port_added",
        UrlVariant.PortRemoved => "port_removed",
        _ => "none",
    };
}
