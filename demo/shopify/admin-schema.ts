// The part of Shopify's Admin GraphQL schema (2026-10) that the stand-in answers. A test holds every type, field and
// argument against the published schema, so an answer that fits here fits there.
import { SALES_TYPES } from "./admin-schema-sales.ts";

/** The types with Shopify's own names; what is not here is refused as Shopify refuses an unknown field. */
export const ADMIN_SCHEMA = /* GraphQL */ `
  schema {
    query: QueryRoot
    mutation: Mutation
  }
  scalar DateTime
  scalar Decimal
  scalar Money
  scalar UnsignedInt64
  scalar URL
  enum AppSubscriptionStatus {
    ACTIVE
    CANCELLED
    DECLINED
    EXPIRED
    FROZEN
    PENDING
  }
  enum AppPricingInterval {
    ANNUAL
    EVERY_30_DAYS
  }
  enum CurrencyCode {
    USD
    EUR
    GBP
    CAD
    JPY
    KWD
  }
  enum MetafieldsSetUserErrorCode {
    BLANK
    INVALID
    INVALID_TYPE
    INVALID_VALUE
    LESS_THAN_OR_EQUAL_TO
    STALE_OBJECT
    TAKEN
    TOO_LONG
    TOO_SHORT
  }
  interface Node {
    id: ID!
  }
  type PageInfo {
    hasNextPage: Boolean!
    hasPreviousPage: Boolean!
    startCursor: String
    endCursor: String
  }
  type MoneyV2 {
    amount: Decimal!
    currencyCode: CurrencyCode!
  }
  type Domain {
    host: String!
    url: URL!
  }
  type ShopPlan {
    shopifyPlus: Boolean!
    partnerDevelopment: Boolean!
  }
  type Shop implements Node {
    id: ID!
    name: String!
    email: String!
    contactEmail: String!
    myshopifyDomain: String!
    primaryDomain: Domain!
    url: URL!
    currencyCode: CurrencyCode!
    enabledPresentmentCurrencies: [CurrencyCode!]!
    ianaTimezone: String!
    taxesIncluded: Boolean!
    plan: ShopPlan!
    shopOwnerName: String!
    metafield(namespace: String, key: String!): Metafield
  }
  type ShopLocale {
    locale: String!
    primary: Boolean!
    name: String!
  }
  type App implements Node {
    id: ID!
    handle: String
    title: String!
    apiKey: String!
  }
  type AccessScope {
    handle: String!
    description: String!
  }
  type AppRecurringPricing {
    interval: AppPricingInterval!
    price: MoneyV2!
    planHandle: String
  }
  type AppUsagePricing {
    interval: AppPricingInterval!
    terms: String!
  }
  union AppPricingDetails = AppRecurringPricing | AppUsagePricing
  type AppPlanV2 {
    pricingDetails: AppPricingDetails!
  }
  type AppSubscriptionLineItem {
    id: ID!
    plan: AppPlanV2!
  }
  type AppSubscription implements Node {
    id: ID!
    name: String!
    status: AppSubscriptionStatus!
    test: Boolean!
    trialDays: Int!
    createdAt: DateTime!
    currentPeriodEnd: DateTime
    lineItems: [AppSubscriptionLineItem!]!
  }
  type AppInstallation implements Node {
    id: ID!
    app: App!
    accessScopes: [AccessScope!]!
    activeSubscriptions: [AppSubscription!]!
    metafield(namespace: String, key: String!): Metafield
  }
  type Metafield implements Node {
    id: ID!
    namespace: String!
    key: String!
    value: String!
    type: String!
    compareDigest: String!
    updatedAt: DateTime!
  }
  input MetafieldsSetInput {
    ownerId: ID!
    namespace: String
    key: String!
    value: String!
    type: String
    compareDigest: String
  }
  type MetafieldsSetUserError {
    code: MetafieldsSetUserErrorCode
    elementIndex: Int
    field: [String!]
    message: String!
  }
  type MetafieldsSetPayload {
    metafields: [Metafield!]
    userErrors: [MetafieldsSetUserError!]!
  }
  input MetafieldIdentifierInput {
    ownerId: ID!
    namespace: String!
    key: String!
  }
  type MetafieldIdentifier {
    ownerId: ID!
    namespace: String!
    key: String!
  }
  type UserError {
    field: [String!]
    message: String!
  }
  type MetafieldsDeletePayload {
    deletedMetafields: [MetafieldIdentifier]
    userErrors: [UserError!]!
  }
  type QueryRoot {
    shop: Shop!
    shopLocales(published: Boolean): [ShopLocale!]!
    app(id: ID): App
    currentAppInstallation: AppInstallation!
    node(id: ID!): Node
  }
  type Mutation {
    metafieldsSet(metafields: [MetafieldsSetInput!]!): MetafieldsSetPayload
    metafieldsDelete(metafields: [MetafieldIdentifierInput!]!): MetafieldsDeletePayload
  }
  ${SALES_TYPES}
`;
